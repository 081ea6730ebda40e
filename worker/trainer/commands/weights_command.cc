#include "worker/trainer/commands/weights_command.h"

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/files/digest.h"
#include "worker/trainer/inception/convert.h"
#include "worker/trainer/inception/nsfwjs.h"
#include "worker/trainer/inception/safetensors.h"
#include "worker/trainer/inception/weights_file.h"
#include "worker/trainer/inception/weights_path.h"

namespace melsweep::commands {
namespace {

using nlohmann::json;

struct ConvertArguments {
  std::string in;
  std::string out;
  std::string dialect;      // empty = as the file says
  std::string input_range;  // empty = as the file says
};

struct VerifyArguments {
  std::string file;
  std::string output = "table";
};

int fail(const absl::Status& status) {
  std::cerr << "melsweep-trainer weights: " << status.message() << '\n';
  return 1;
}

// Tells of a file that was just written.
int report_written(const absl::Status& status, const std::string& out) {
  if (!status.ok()) return fail(status);
  const absl::StatusOr<std::string> hash = files::sha256_file(out);
  if (!hash.ok()) return fail(hash.status());
  std::cerr << "wrote " << out << " (SHA-256 " << *hash << ")\n";
  return 0;
}

int run_convert_safetensors(const ConvertArguments& arguments) {
  inception::Metadata said;
  if (!arguments.dialect.empty()) said.emplace(inception::kDialectKey, arguments.dialect);
  if (!arguments.input_range.empty()) said.emplace(inception::kInputRangeKey, arguments.input_range);
  return report_written(inception::convert_safetensors(arguments.in, arguments.out, said), arguments.out);
}

json to_json(const std::string& path, const std::string& hash, const inception::WeightsSummary& summary) {
  return {{"file", path},
          {"ok", summary.problems.empty()},
          {"sha256", hash},
          {"dialect", inception::to_text(summary.dialect.pool_padding)},
          {"input_range", inception::to_text(summary.dialect.input_range)},
          {"source", summary.source},
          {"tensors", summary.tensors},
          {"numbers", summary.numbers},
          {"unused", summary.unused},
          {"problems", summary.problems}};
}

void print_table(const std::string& path, const std::string& hash, const inception::WeightsSummary& summary) {
  std::cout << "file         " << path << '\n'
            << "sha256       " << hash << '\n'
            << "dialect      " << inception::to_text(summary.dialect.pool_padding) << '\n'
            << "input range  " << inception::to_text(summary.dialect.input_range) << '\n'
            << "source       " << (summary.source.empty() ? "not said" : summary.source) << '\n'
            << "tensors      " << summary.tensors << " (" << summary.numbers << " numbers), "
            << summary.unused.size() << " unused\n"
            << "verdict      " << (summary.problems.empty() ? "good" : "not usable") << '\n';
  for (const std::string& problem : summary.problems) std::cout << "  " << problem << '\n';
}

int run_verify(const VerifyArguments& arguments) {
  const absl::StatusOr<std::filesystem::path> path = inception::resolve_weights(arguments.file);
  if (!path.ok()) return fail(path.status());
  const absl::StatusOr<inception::SafetensorsFile> file = inception::SafetensorsFile::open(*path);
  if (!file.ok()) return fail(file.status());
  const absl::StatusOr<std::string> hash = files::sha256_file(*path);
  if (!hash.ok()) return fail(hash.status());
  const inception::WeightsSummary summary = inception::summarize_weights(*file);
  if (arguments.output == "json") {
    std::cout << to_json(path->string(), *hash, summary).dump(2, ' ', false, json::error_handler_t::replace)
              << '\n';
  } else {
    print_table(path->string(), *hash, summary);
  }
  return summary.problems.empty() ? 0 : 1;
}

void add_convert(CLI::App& weights, int& exit_code) {
  CLI::App* convert = weights.add_subcommand("convert", "Make a weights file from someone else's");
  convert->require_subcommand(1);
  const auto arguments = std::make_shared<ConvertArguments>();

  CLI::App* nsfwjs =
      convert->add_subcommand("nsfwjs", "The Inception v3 of the npm package nsfwjs 4.3.0, unpacked");
  nsfwjs->add_option("PACKAGE", arguments->in, "The folder with its package.json")->required();
  nsfwjs->add_option("OUT", arguments->out, "The .safetensors file to write")->required();
  nsfwjs->callback([arguments, &exit_code] {
    exit_code = report_written(inception::convert_nsfwjs(arguments->in, arguments->out), arguments->out);
  });

  CLI::App* safetensors = convert->add_subcommand(
      "safetensors", "A file with torchvision's names, such as timm/inception_v3.tv_in1k's");
  safetensors->add_option("IN", arguments->in, "The .safetensors file to read")->required();
  safetensors->add_option("OUT", arguments->out, "The .safetensors file to write")->required();
  safetensors
      ->add_option("--dialect", arguments->dialect,
                   "Instead of what the file says (torchvision where it does not)")
      ->check(CLI::IsMember({"torchvision", "keras"}));
  safetensors
      ->add_option("--input-range", arguments->input_range,
                   "What the weights take where a picture has [0,1], instead of what the file says")
      ->check(CLI::IsMember({"[0,1]", "[-1,1]"}));
  safetensors->callback([arguments, &exit_code] { exit_code = run_convert_safetensors(*arguments); });
}

void add_verify(CLI::App& weights, int& exit_code) {
  CLI::App* verify =
      weights.add_subcommand("verify", "Check names, shapes, values and dialect of a weights file");
  const auto arguments = std::make_shared<VerifyArguments>();
  verify->add_option("FILE", arguments->file, "As a sweep's model.weights names it")->required();
  verify->add_option("-o,--output", arguments->output, "table (the default) or json")
      ->check(CLI::IsMember({"table", "json"}));
  verify->callback([arguments, &exit_code] { exit_code = run_verify(*arguments); });
}

}  // namespace

void add_weights_command(CLI::App& app, int& exit_code) {
  CLI::App* weights = app.add_subcommand("weights", "Make and check the weights of Inception v3");
  weights->require_subcommand(1);
  add_convert(*weights, exit_code);
  add_verify(*weights, exit_code);
}

}  // namespace melsweep::commands
