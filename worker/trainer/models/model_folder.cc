#include "worker/trainer/models/model_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/files/folder.h"
#include "shared/spec/trained_model_json.h"
#include "worker/trainer/inception/checksum.h"
#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/network.h"
#include "worker/trainer/models/classifier.h"
#include "worker/trainer/models/model_card.h"
#include "worker/trainer/training/head_file.h"

namespace melsweep::models {
namespace {

namespace fs = std::filesystem;

// Of a description: a data set of ten thousand classes has a few megabytes.
constexpr std::size_t kMaxDescriptionBytes = std::size_t{64} << 20;

absl::Status check_place(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(folder, error);
  if (status.type() == fs::file_type::not_found) return absl::OkStatus();
  if (error) return absl::UnavailableError(fmt::format("{}: {}", folder.string(), error.message()));
  if (fs::is_directory(status) && fs::is_empty(folder, error) && !error) return absl::OkStatus();
  return absl::AlreadyExistsError(
      fmt::format("{} is there already{}; choose another folder, or remove it first", folder.string(),
                  fs::is_directory(status) ? " and not empty" : ""));
}

// A folder being written; unless it takes its place, it goes.
class PartFolder {
 public:
  static absl::StatusOr<PartFolder> make(const fs::path& target) {
    fs::path name = target.filename();
    name += fmt::format(".part-{}", ::getpid());
    PartFolder part(target.parent_path() / name);
    std::error_code error;
    fs::remove_all(part.path_, error);  // of an earlier process with our number
    fs::create_directories(part.path_, error);
    if (!error) return part;
    return absl::UnavailableError(fmt::format("cannot make {}: {}", part.path_.string(), error.message()));
  }

  PartFolder(PartFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  PartFolder& operator=(PartFolder&&) = delete;
  ~PartFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

  // rename() replaces an empty folder and nothing else.
  absl::Status take_place(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) {
      return absl::ErrnoToStatus(errno, fmt::format("cannot put the model at {}", target.string()));
    }
    path_.clear();
    const auto parent = files::Folder::open(target.parent_path());
    return parent.ok() ? parent->sync() : parent.status();
  }

 private:
  explicit PartFolder(fs::path path) : path_(std::move(path)) {}

  fs::path path_;
};

// What the trial's own file says of it, less what is of that file alone.
inception::Metadata metadata_of(const ModelFiles& files) {
  inception::Metadata metadata = files.file.metadata();
  metadata.erase(std::string(inception::kChecksumKey));
  metadata.erase(inception::kDialectKey);
  metadata.erase(inception::kInputRangeKey);
  return metadata;
}

absl::Status write_network(const ModelFiles& files, const fs::path& path) {
  const absl::StatusOr<inception::InceptionV3> network = training::load(files.trunk);
  if (!network.ok()) return network.status();
  return inception::save_network(path, *network, training::head_tensors(files.head.weight, files.head.bias),
                                 metadata_of(files));
}

absl::Status write_files(const TrainedModel& model, const ModelFiles& files, const fs::path& folder,
                         const std::string& by) {
  const fs::path network = folder / kModelFile;
  if (absl::Status status = write_network(files, network); !status.ok()) return status;
  absl::StatusOr<std::string> hash = files::sha256_file(network);
  if (!hash.ok()) return hash.status();
  const auto file = inception::SafetensorsFile::open(network);
  if (!file.ok()) return file.status();
  const auto dialect = inception::dialect_of(file->metadata());
  if (!dialect.ok()) return dialect.status();

  TrainedModel exported = model;
  exported.file = {.path = kModelFile, .sha256 = *std::move(hash)};
  nlohmann::ordered_json json = spec::to_json(exported);
  for (const auto& [key, value] : inception::dialect_metadata(*dialect)) json["network"][key] = value;
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (absl::Status status = files::write_atomically(folder / kDescriptionFile, text); !status.ok()) {
    return status;
  }
  return files::write_atomically(folder / kCardFile, model_card(exported, *dialect, by));
}

}  // namespace

absl::Status write_model_folder(const TrainedModel& model, const fs::path& folder, const std::string& by) {
  std::error_code error;
  // Without a slash at the end, which would hide the folder's name.
  fs::path target = fs::absolute(folder, error).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  if (absl::Status status = check_place(target); !status.ok()) return status;
  const absl::StatusOr<ModelFiles> files = find_files(model);
  if (!files.ok()) return files.status();
  absl::StatusOr<PartFolder> part = PartFolder::make(target);
  if (!part.ok()) return part.status();
  if (absl::Status status = write_files(model, *files, part->path(), by); !status.ok()) return status;
  return part->take_place(target);
}

absl::StatusOr<TrainedModel> read_model_folder(const fs::path& folder) {
  const fs::path path = folder / kDescriptionFile;
  const absl::StatusOr<std::string> text = files::read_file(path, kMaxDescriptionBytes);
  if (absl::IsNotFound(text.status())) {
    return absl::NotFoundError(
        fmt::format("{} is no exported model: there is no {} (`melsweep export` makes one)", folder.string(),
                    path.string()));
  }
  if (!text.ok()) return text.status();
  absl::StatusOr<TrainedModel> model = parse_model(*text, path.string());
  if (model.ok()) model->file.path = (folder / model->file.path).string();
  return model;
}

absl::StatusOr<TrainedModel> parse_model(const std::string& json, const std::string& source) {
  const auto parsed = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return absl::InvalidArgumentError(fmt::format("{} is no JSON", source));
  absl::StatusOr<TrainedModel> model = spec::trained_model_from_json(parsed);
  if (model.ok()) return model;
  return absl::InvalidArgumentError(fmt::format("{}: {}", source, std::string(model.status().message())));
}

}  // namespace melsweep::models
