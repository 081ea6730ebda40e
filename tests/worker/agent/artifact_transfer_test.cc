// Both ways that checkpoints travel, against a real coordinator and its folder.
#include "worker/agent/artifact_transfer.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/rpc/server.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/artifacts/layout.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/results/database_results.h"
#include "tests/coordinator/rpc/coordinator_connection.h"
#include "worker/agent/grpc_transfer.h"
#include "worker/agent/inbox.h"
#include "worker/agent/shared_folder_transfer.h"

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kGiB = std::uintmax_t{1} << 30;

// A coordinator, and a worker that holds the first attempt of trial 1.
class ArtifactTransferTest : public testing::Test {
 protected:
  void SetUp() override {
    start_coordinator();
    ASSERT_TRUE(connection_->add_worker("anna").ok());
    std::int64_t sweep = 0;
    ASSERT_TRUE(connection_->submit(rpc::two_trials(), "submission", &sweep).ok());
    ASSERT_TRUE(connection_->prepare("anna").ok());
    v1::LeaseResponse response;
    ASSERT_TRUE(connection_->lease("anna", 0, &response).ok());
    ASSERT_EQ(response.assignments(0).trial().attempt().trial_id(), name_.attempt.trial.value);
  }

  void start_coordinator() {
    auto store = store::open_sqlite_store(database_.database());
    ASSERT_TRUE(store.ok()) << store.status();
    auto results = results::open_database(database_.database());
    ASSERT_TRUE(results.ok()) << results.status();
    rpc::ServerOptions options;
    options.net.listen = "127.0.0.1:0";
    options.core.artifacts = database_.artifacts();
    options.space = [](const files::Folder&) {
      return artifacts::Space{.available = 8 * kGiB, .total = 8 * kGiB};
    };
    auto server = rpc::Server::start(options, *std::move(store), *std::move(results), clock_, nullptr);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    connection_ = std::make_unique<rpc::Connection>(server_->port());
    store_id_ = StoreId{files::read_file(root() / artifacts::kStoreIdFile, 100).value()};
    store_id_.value.pop_back();
  }

  std::unique_ptr<GrpcTransfer> over_grpc(const std::string& worker = "anna") {
    return std::make_unique<GrpcTransfer>(v1::ArtifactService::NewStub(connection_->channel),
                                          WorkerId{worker},
                                          [this](Event event) { inbox_.push(std::move(event)); });
  }

  std::unique_ptr<SharedFolderTransfer> over_the_folder(const fs::path& folder) {
    return std::make_unique<SharedFolderTransfer>(folder,
                                                  [this](Event event) { inbox_.push(std::move(event)); });
  }

  fs::path root() const { return database_.artifacts(); }
  fs::path place() const { return root() / artifacts::path_of(name_); }
  fs::path local(const std::string& file) const { return worker_.artifacts() / file; }
  std::string content_at(const fs::path& path) const {
    return files::read_file(path, kGiB).value_or("(none)");
  }

  Checkpoint checkpoint_of(const std::string& content) const {
    EXPECT_TRUE(files::write_atomically(local("made"), content).ok());
    return {name_.step, local("made").string(), files::sha256(content)};
  }

  template <class E>
  absl::Status next() {
    auto event = inbox_.pop(SystemClock().now().monotonic + std::chrono::seconds(300));
    if (!event || !std::holds_alternative<E>(*event)) throw std::runtime_error("another event or none came");
    return std::get<E>(*event).status;
  }

  absl::Status store(ArtifactTransfer& transfer, const Checkpoint& checkpoint) {
    transfer.store(store_id_, {name_.sweep, name_.attempt, checkpoint.step},
                   {checkpoint.path, checkpoint.sha256});
    return next<ArtifactStored>();
  }

  absl::Status fetch(ArtifactTransfer& transfer, const ArtifactName& name, const std::string& sha256) {
    transfer.fetch(store_id_, name, sha256, local("fetched"));
    return next<ArtifactFetched>();
  }

  // So large that its copy is not over before it is cancelled, and made of nothing.
  static void make_endless(const fs::path& path) {
    fs::create_directories(path.parent_path());
    EXPECT_TRUE(files::write_atomically(path, "").ok());
    fs::resize_file(path, 2 * kGiB);
  }

  static std::size_t files_in(const fs::path& folder) {
    std::error_code gone;
    std::size_t count = 0;
    for (fs::directory_iterator entry(folder, gone), end; entry != end; entry.increment(gone)) ++count;
    return count;
  }

  static void wait_for_files(std::size_t count, const fs::path& folder) {
    while (files_in(folder) != count) std::this_thread::yield();
  }

  const ArtifactName name_{SweepId{1}, {TrialId{1}, 1}, 400};
  SystemClock clock_;
  rpc::Folder database_;  // the coordinator's
  rpc::Folder worker_;
  StoreId store_id_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Connection> connection_;
  Inbox inbox_;
};

enum class Way { kGrpc, kFolder };

class EitherTransferTest : public ArtifactTransferTest, public testing::WithParamInterface<Way> {
 protected:
  std::unique_ptr<ArtifactTransfer> transfer() {
    if (GetParam() == Way::kGrpc) return over_grpc();
    return over_the_folder(root());
  }
};

INSTANTIATE_TEST_SUITE_P(, EitherTransferTest, testing::Values(Way::kGrpc, Way::kFolder),
                         [](const auto& way) { return way.param == Way::kGrpc ? "Grpc" : "Folder"; });

TEST_P(EitherTransferTest, BringsBackWhatItBroughtThere) {
  const auto transfer = this->transfer();
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{7}, std::size_t{3'000'001}}) {
    const std::string content(bytes, 'x');
    ASSERT_EQ(store(*transfer, checkpoint_of(content)), absl::OkStatus());
    EXPECT_EQ(content_at(place()), content);
    ASSERT_EQ(fetch(*transfer, name_, files::sha256(content)), absl::OkStatus());
    EXPECT_EQ(content_at(local("fetched")), content);
  }
  EXPECT_EQ(files_in(root() / artifacts::kIncomingFolder), 0U);
}

// Whatever way it came.
TEST_P(EitherTransferTest, BringsWhatTheOtherWayBrought) {
  const auto grpc = over_grpc();
  const auto folder = over_the_folder(root());
  const bool is_grpc = GetParam() == Way::kGrpc;
  ArtifactTransfer& other = is_grpc ? static_cast<ArtifactTransfer&>(*folder) : *grpc;
  ASSERT_EQ(store(other, checkpoint_of("content")), absl::OkStatus());
  ASSERT_EQ(fetch(*transfer(), name_, files::sha256("content")), absl::OkStatus());
  EXPECT_EQ(content_at(local("fetched")), "content");
}

TEST_P(EitherTransferTest, MayStoreTheSameAgain) {
  const auto transfer = this->transfer();
  ASSERT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  EXPECT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  EXPECT_EQ(content_at(place()), "content");
}

TEST_P(EitherTransferTest, StoresAndFetchesAtTheSameTime) {
  const auto transfer = this->transfer();
  ASSERT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  Checkpoint later = checkpoint_of("later");
  ++later.step;
  transfer->store(store_id_, {name_.sweep, name_.attempt, later.step}, {later.path, later.sha256});
  transfer->fetch(store_id_, name_, files::sha256("content"), local("fetched"));
  for (int i = 0; i < 2; ++i) {
    const auto event = inbox_.pop(std::nullopt);
    const auto* stored = std::get_if<ArtifactStored>(&*event);
    EXPECT_EQ(stored != nullptr ? stored->status : std::get<ArtifactFetched>(*event).status,
              absl::OkStatus());
  }
}

TEST_P(EitherTransferTest, StoresWhatWasMisclassifiedBesideItsModel) {
  const auto transfer = this->transfer();
  ASSERT_EQ(store(*transfer, checkpoint_of("model")), absl::OkStatus());
  ArtifactName archive = name_;
  archive.kind = ArtifactKind::kMisclassified;
  const Checkpoint pictures = checkpoint_of("pictures");
  transfer->store(store_id_, archive, {pictures.path, pictures.sha256});
  EXPECT_EQ(next<ArtifactStored>(), absl::OkStatus());
  EXPECT_EQ(content_at(place()), "model");
  EXPECT_EQ(content_at(root() / artifacts::path_of(archive)), "pictures");
}

TEST_P(EitherTransferTest, StoresNothingThatIsNotWhatItIsCalled) {
  Checkpoint checkpoint = checkpoint_of("content");
  checkpoint.sha256 = files::sha256("another");
  EXPECT_TRUE(absl::IsDataLoss(store(*transfer(), checkpoint)));
  EXPECT_FALSE(fs::exists(place()));
  EXPECT_EQ(files_in(root() / artifacts::kIncomingFolder), 0U);
}

// NotFound would mean that the coordinator does not know this worker.
TEST_P(EitherTransferTest, SaysThatThereIsNoCheckpointHere) {
  const absl::Status status = store(*transfer(), {400, local("absent").string(), files::sha256("")});
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_NE(status.message().find("absent"), std::string::npos) << status;
}

TEST_P(EitherTransferTest, SaysThatThereIsNoSuchFileThere) {
  EXPECT_TRUE(absl::IsNotFound(fetch(*transfer(), name_, files::sha256(""))));
  EXPECT_FALSE(fs::exists(local("fetched")));
}

TEST_P(EitherTransferTest, FetchesNothingElse) {
  const auto transfer = this->transfer();
  ASSERT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  ASSERT_TRUE(files::write_atomically(local("fetched"), "as it was").ok());
  const std::size_t files = files_in(worker_.artifacts());
  EXPECT_TRUE(absl::IsDataLoss(fetch(*transfer, name_, files::sha256("another"))));
  ASSERT_TRUE(files::write_atomically(place(), "contant").ok());
  EXPECT_TRUE(absl::IsDataLoss(fetch(*transfer, name_, files::sha256("content"))));
  EXPECT_EQ(content_at(local("fetched")), "as it was");
  EXPECT_EQ(files_in(worker_.artifacts()), files) << "nothing is left beside it";
}

TEST_P(EitherTransferTest, SaysThatItCannotBeFetchedToThere) {
  const auto transfer = this->transfer();
  ASSERT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  fs::create_directories(local("fetched") / "in the way");
  EXPECT_TRUE(absl::IsInternal(fetch(*transfer, name_, files::sha256("content"))));
}

TEST_P(EitherTransferTest, StopsStoringWhenItIsTold) {
  const auto transfer = this->transfer();
  make_endless(local("endless"));
  transfer->store(store_id_, name_, {local("endless").string(), files::sha256("")});
  wait_for_files(1, root() / artifacts::kIncomingFolder);
  transfer->cancel();
  EXPECT_TRUE(absl::IsCancelled(next<ArtifactStored>()));
  wait_for_files(0, root() / artifacts::kIncomingFolder);
  EXPECT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus()) << "the next one goes on";
}

TEST_P(EitherTransferTest, StopsFetchingWhenItIsDestroyed) {
  auto transfer = this->transfer();
  make_endless(place());
  transfer->fetch(store_id_, name_, files::sha256(""), local("deeper/fetched"));
  wait_for_files(1, local("deeper"));
  transfer.reset();
  EXPECT_TRUE(absl::IsCancelled(next<ArtifactFetched>()));
  EXPECT_EQ(files_in(local("deeper")), 0U);
}

TEST_F(ArtifactTransferTest, OverGrpcTheCoordinatorRefusesWhatIsNotTheWorkers) {
  EXPECT_TRUE(absl::IsNotFound(store(*over_grpc("nobody"), checkpoint_of("content"))));
  ASSERT_TRUE(connection_->add_worker("bert").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(store(*over_grpc("bert"), checkpoint_of("content"))));
  EXPECT_FALSE(fs::exists(place()));
}

TEST_F(ArtifactTransferTest, OverGrpcMayBeTriedAgainWhereTheCoordinatorIsGone) {
  const auto transfer = over_grpc();
  server_.reset();
  EXPECT_TRUE(absl::IsUnavailable(store(*transfer, checkpoint_of("content"))));
  EXPECT_TRUE(absl::IsUnavailable(fetch(*transfer, name_, files::sha256("content"))));
}

TEST_F(ArtifactTransferTest, TheFolderMustBeThisDatabases) {
  const auto transfer = over_the_folder(root());
  ASSERT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  ASSERT_TRUE(files::write_atomically(root() / artifacts::kStoreIdFile, "another\n").ok());
  for (const absl::Status& status :
       {store(*transfer, checkpoint_of("content")), fetch(*transfer, name_, files::sha256("content"))}) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_NE(status.message().find("--shared-artifacts"), std::string::npos) << status;
  }
}

TEST_F(ArtifactTransferTest, TheFolderMayBeMountedLater) {
  const fs::path mount = worker_.artifacts() / "mount";
  const auto transfer = over_the_folder(mount);
  EXPECT_TRUE(absl::IsUnavailable(store(*transfer, checkpoint_of("content"))));
  fs::create_directories(mount);
  EXPECT_TRUE(absl::IsUnavailable(store(*transfer, checkpoint_of("content"))));
  fs::remove(mount);
  fs::create_directory_symlink(root(), mount);
  EXPECT_EQ(store(*transfer, checkpoint_of("content")), absl::OkStatus());
  EXPECT_EQ(content_at(place()), "content");
}

}  // namespace
}  // namespace melsweep::agent
