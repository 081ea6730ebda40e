// Files over real gRPC, in a coordinator that has a worker with a trial.
#include "coordinator/rpc/artifact_service.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/rpc/server.h"
#include "coordinator/store/sqlite_store.h"
#include "melsweep/v1/artifact.grpc.pb.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/net/channel.h"
#include "shared/results/database_results.h"
#include "tests/client/certs/certificates.h"
#include "tests/coordinator/rpc/coordinator_connection.h"

namespace melsweep::rpc {
namespace {

namespace fs = std::filesystem;
using grpc::StatusCode;

constexpr std::size_t kMiB = std::size_t{1} << 20;

// No two of its pages are the same.
std::string content_of(std::size_t bytes) {
  std::string content(bytes, '\0');
  std::uint32_t state = 1;
  for (char& c : content) c = static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  return content;
}

// One upload, message by message.
class UploadCall {
 public:
  explicit UploadCall(v1::ArtifactService::Stub& stub) : writer_(stub.Upload(&context_, &response_)) {}

  bool send(const v1::UploadHeader& header) {
    v1::UploadRequest request;
    *request.mutable_header() = header;
    return writer_->Write(request);
  }

  bool send(std::string_view chunk) {
    v1::UploadRequest request;
    request.set_chunk(std::string(chunk));
    return writer_->Write(request);
  }

  // That was all: the answer.
  grpc::Status finish() {
    writer_->WritesDone();
    return writer_->Finish();
  }

  // Waits for the answer without ending the file.
  grpc::Status answer() { return writer_->Finish(); }

  void cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  v1::UploadResponse response_;
  std::unique_ptr<grpc::ClientWriter<v1::UploadRequest>> writer_;
};

class ArtifactServiceTest : public testing::Test {
 protected:
  ArtifactServiceTest() {
    options_.net.listen = "127.0.0.1:0";
    options_.core.artifacts = folder_.artifacts();
  }

  void start() {
    auto store = store::open_sqlite_store(folder_.database());
    ASSERT_TRUE(store.ok()) << store.status();
    auto results = results::open_database(folder_.database());
    ASSERT_TRUE(results.ok()) << results.status();
    auto server = Server::start(options_, *std::move(store), *std::move(results), clock_, nullptr);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    connection_ = std::make_unique<Connection>(server_->port());
    stub_ = v1::ArtifactService::NewStub(connection_->channel);
  }

  // A server, and the attempt of a trial that anna holds.
  void start_with_a_trial() {
    start();
    ASSERT_TRUE(connection_->add_worker("anna").ok());
    std::int64_t sweep = 0;
    ASSERT_TRUE(connection_->submit(two_trials(), "submission", &sweep).ok());
    ASSERT_TRUE(connection_->prepare("anna").ok());
    v1::LeaseResponse response;
    ASSERT_TRUE(connection_->lease("anna", 0, &response).ok());
    attempt_ = response.assignments(0).trial().attempt();
    ASSERT_EQ(attempt_.trial_id(), 1);
  }

  v1::UploadHeader header_for(const std::string& content, std::int64_t step = 400) const {
    v1::UploadHeader header;
    header.set_worker_id("anna");
    *header.mutable_attempt() = attempt_;
    header.set_step(step);
    header.set_bytes(static_cast<std::int64_t>(content.size()));
    header.set_sha256(files::sha256(content));
    return header;
  }

  grpc::Status upload(const v1::UploadHeader& header, std::string_view content) {
    UploadCall call(*stub_);
    bool open = call.send(header);
    for (; open && !content.empty(); content.remove_prefix(std::min(kMiB, content.size()))) {
      open = call.send(content.substr(0, kMiB));
    }
    return call.finish();
  }

  StatusCode upload_code(const v1::UploadHeader& header, std::string_view content) {
    return upload(header, content).error_code();
  }

  v1::DownloadRequest request_for(std::int64_t step = 400) const {
    v1::DownloadRequest request;
    request.set_sweep_id(1);
    *request.mutable_attempt() = attempt_;
    request.set_step(step);
    return request;
  }

  grpc::Status download(const v1::DownloadRequest& request, std::string* content) {
    grpc::ClientContext context;
    const auto reader = stub_->Download(&context, request);
    v1::DownloadResponse response;
    std::int64_t bytes = -1;
    if (reader->Read(&response)) bytes = response.bytes();
    while (reader->Read(&response)) {
      EXPECT_LE(response.chunk().size(), kMiB);
      content->append(response.chunk());
    }
    grpc::Status status = reader->Finish();
    if (status.ok()) {
      EXPECT_EQ(bytes, static_cast<std::int64_t>(content->size()));
    }
    return status;
  }

  // Every file in the artifact folder but the store's id, from the folder.
  std::vector<std::string> files() const {
    std::vector<std::string> found;
    std::error_code gone;  // a part may go while it is looked at
    for (fs::recursive_directory_iterator entry(folder_.artifacts(), gone), end; entry != end;
         entry.increment(gone)) {
      const std::string file = entry->path().lexically_relative(folder_.artifacts()).string();
      if (!entry->is_directory(gone) && file != "store-id") found.push_back(file);
    }
    return found;
  }

  // Ends, as the test's time limit would have it, only when that is so.
  void wait_for_files(std::size_t count) const {
    while (files().size() != count) std::this_thread::yield();
  }

  // An upload that the coordinator has taken a part of.
  std::unique_ptr<UploadCall> half_an_upload(const std::string& content) {
    auto call = std::make_unique<UploadCall>(*stub_);
    EXPECT_TRUE(call->send(header_for(content)));
    EXPECT_TRUE(call->send(content.substr(0, content.size() / 2)));
    wait_for_files(1);
    return call;
  }

  void fail_the_attempt() {
    v1::ReportRequest request;
    *request.add_reports()->mutable_work()->mutable_attempt() = attempt_;
    request.mutable_reports(0)->mutable_failed()->set_kind(v1::FAILURE_KIND_INTERNAL);
    ASSERT_TRUE(connection_->report("anna", request).ok());
  }

  const std::string place_ = "sweep-1/trial-1/attempt-1/step-400.safetensors";
  PassingClock clock_;
  Folder folder_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<v1::ArtifactService::Stub> stub_;
  v1::AttemptRef attempt_;
};

TEST_F(ArtifactServiceTest, TellsKindsOfFilesOfOneStepApart) {
  start_with_a_trial();
  v1::UploadHeader archive = header_for("pictures");
  archive.set_kind(v1::ARTIFACT_KIND_MISCLASSIFIED);
  ASSERT_TRUE(upload(archive, "pictures").ok());
  ASSERT_TRUE(upload(header_for("model"), "model").ok());
  v1::DownloadRequest request = request_for();
  std::string model;
  EXPECT_TRUE(download(request, &model).ok());
  EXPECT_EQ(model, "model");
  request.set_kind(v1::ARTIFACT_KIND_MISCLASSIFIED);
  std::string pictures;
  EXPECT_TRUE(download(request, &pictures).ok());
  EXPECT_EQ(pictures, "pictures");
  archive.set_kind(static_cast<v1::ArtifactKind>(17));
  EXPECT_EQ(upload_code(archive, "pictures"), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ArtifactServiceTest, GivesBackWhatItWasGiven) {
  start_with_a_trial();
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{5}, kMiB, 5 * kMiB + 17}) {
    const std::string content = content_of(bytes);
    const grpc::Status status = upload(header_for(content), content);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(files(), std::vector<std::string>{place_});
    EXPECT_EQ(files::read_file(folder_.artifacts() / place_, 10 * kMiB).value(), content);
    std::string received;
    ASSERT_TRUE(download(request_for(), &received).ok());
    EXPECT_EQ(received, content) << bytes << " bytes";
  }
}

TEST_F(ArtifactServiceTest, TakesTheSameFileAgainBeforeItsContent) {
  start_with_a_trial();
  const std::string content = content_of(1'000);
  ASSERT_TRUE(upload(header_for(content), content).ok());
  UploadCall again(*stub_);
  EXPECT_TRUE(again.send(header_for(content)));
  EXPECT_TRUE(again.answer().ok()) << "nothing but the header was sent";
  EXPECT_EQ(files(), std::vector<std::string>{place_});
}

TEST_F(ArtifactServiceTest, KeepsNothingThatIsNotAsItWasSaidToBe) {
  start_with_a_trial();
  const std::string content = content_of(2 * kMiB);
  std::string flipped = content;
  flipped[kMiB] ^= 1;
  EXPECT_EQ(upload_code(header_for(content), flipped), StatusCode::DATA_LOSS);
  EXPECT_EQ(upload_code(header_for(content), content.substr(1)), StatusCode::DATA_LOSS);
  EXPECT_EQ(upload_code(header_for(content), content + "x"), StatusCode::DATA_LOSS);
  EXPECT_TRUE(files().empty());
}

TEST_F(ArtifactServiceTest, KeepsTheEarlierFileUntilTheNewOneIsWhole) {
  start_with_a_trial();
  const std::string content = content_of(1'000);
  ASSERT_TRUE(upload(header_for(content), content).ok());
  EXPECT_EQ(upload_code(header_for(content_of(2'000)), "something else"), StatusCode::DATA_LOSS);
  std::string received;
  ASSERT_TRUE(download(request_for(), &received).ok());
  EXPECT_EQ(received, content);
}

TEST_F(ArtifactServiceTest, TakesNothingOfAnAttemptThatTheWorkerDoesNotHold) {
  start_with_a_trial();
  ASSERT_TRUE(connection_->add_worker("bert").ok());
  const auto refused = [&](const std::function<void(v1::UploadHeader&)>& change) {
    v1::UploadHeader header = header_for("hello");
    change(header);
    UploadCall call(*stub_);
    EXPECT_TRUE(call.send(header));
    return call.answer().error_code();
  };
  EXPECT_EQ(refused([](auto& header) { header.set_worker_id("bert"); }), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused([](auto& header) { header.mutable_attempt()->set_epoch(2); }),
            StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused([](auto& header) { header.mutable_attempt()->set_trial_id(9); }),
            StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused([](auto& header) { header.set_worker_id("nobody"); }), StatusCode::NOT_FOUND);
  EXPECT_TRUE(files().empty());
}

TEST_F(ArtifactServiceTest, KeepsNothingOfAnAttemptThatIsLostMeanwhile) {
  start_with_a_trial();
  const std::string content = content_of(1'000);
  const auto call = half_an_upload(content);
  fail_the_attempt();
  EXPECT_TRUE(call->send(content.substr(500)));
  EXPECT_EQ(call->finish().error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(files().empty());
}

TEST_F(ArtifactServiceTest, KeepsNothingOfAWorkerThatGoesAway) {
  start_with_a_trial();
  const auto call = half_an_upload(content_of(1'000));
  call->cancel();
  EXPECT_EQ(call->answer().error_code(), StatusCode::CANCELLED);
  wait_for_files(0);
}

TEST_F(ArtifactServiceTest, EndsAnUploadThatStandsStill) {
  options_.transfers.idle = std::chrono::milliseconds(20);
  start_with_a_trial();
  const std::string content = content_of(1'000);
  UploadCall call(*stub_);
  EXPECT_TRUE(call.send(header_for(content)));
  EXPECT_EQ(call.answer().error_code(), StatusCode::CANCELLED);
  wait_for_files(0);
}

TEST_F(ArtifactServiceTest, TakesOnlySoManyFilesAtOnce) {
  options_.transfers.most = 1;
  start_with_a_trial();
  const std::string content = content_of(1'000);
  const auto call = half_an_upload(content);
  EXPECT_EQ(upload_code(header_for("x", 500), "x"), StatusCode::UNAVAILABLE);
  std::string received;
  EXPECT_EQ(download(request_for(), &received).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_TRUE(call->send(content.substr(500)));
  EXPECT_TRUE(call->finish().ok());
  EXPECT_TRUE(upload(header_for("x", 500), "x").ok());
}

TEST_F(ArtifactServiceTest, RemovesAtItsStartWhatWasLeftHalfWritten) {
  start_with_a_trial();
  ASSERT_TRUE(upload(header_for("hello"), "hello").ok());
  server_.reset();
  ASSERT_TRUE(files::write_atomically(folder_.artifacts() / "incoming" / "left.part", "half").ok());
  start();
  EXPECT_EQ(files(), std::vector<std::string>{place_});
  std::string received;
  EXPECT_TRUE(download(request_for(), &received).ok());
  EXPECT_EQ(received, "hello");
}

TEST_F(ArtifactServiceTest, ShutsDownThoughFilesAreOnTheirWay) {
  start_with_a_trial();
  const std::string large = content_of(20 * kMiB);  // more than gRPC takes ahead of a reader
  ASSERT_TRUE(upload(header_for(large, 500), large).ok());
  grpc::ClientContext context;
  const auto reader = stub_->Download(&context, request_for(500));
  v1::DownloadResponse response;
  ASSERT_TRUE(reader->Read(&response));
  UploadCall call(*stub_);
  ASSERT_TRUE(call.send(header_for(content_of(1'000))));
  wait_for_files(2);
  server_->shutdown();
  EXPECT_FALSE(call.answer().ok());
  context.TryCancel();
  EXPECT_FALSE(reader->Finish().ok());
  EXPECT_EQ(files().size(), 1U) << "nothing is left of the upload";
}

TEST_F(ArtifactServiceTest, LeavesRoomOnTheDisk) {
  options_.space = [](const files::Folder&) { return artifacts::Space{.available = 1'000, .total = 2'000}; };
  start_with_a_trial();
  const std::string content = content_of(901);
  const grpc::Status status = upload(header_for(content), content);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_NE(status.error_message().find("disk is full"), std::string::npos) << status.error_message();
  EXPECT_TRUE(upload(header_for("hello"), "hello").ok());
}

// To the worker they would mean that its attempt, or itself, is not known any more.
TEST_F(ArtifactServiceTest, DoesNotBlameTheWorkerForItsOwnFolder) {
  start_with_a_trial();
  fs::create_directory_symlink(folder_.artifacts(), folder_.artifacts() / "sweep-1");
  EXPECT_EQ(upload_code(header_for("hello"), "hello"), StatusCode::INTERNAL);
  fs::remove(folder_.artifacts() / "sweep-1");
  fs::remove_all(folder_.artifacts());
  EXPECT_EQ(upload_code(header_for("hello"), "hello"), StatusCode::INTERNAL);
}

TEST_F(ArtifactServiceTest, RefusesHeadersThatMakeNoSense) {
  start_with_a_trial();
  const std::vector<std::function<void(v1::UploadHeader&)>> faults = {
      [](auto& header) { header.clear_worker_id(); },
      [](auto& header) { header.clear_attempt(); },
      [](auto& header) { header.mutable_attempt()->set_epoch(0); },
      [](auto& header) { header.set_step(-1); },
      [](auto& header) { header.set_bytes(-1); },
      [](auto& header) { header.set_bytes((std::int64_t{4} << 30) + 1); },
      [](auto& header) { header.clear_sha256(); },
      [](auto& header) { header.set_sha256(std::string(64, 'A')); },
      [](auto& header) { header.set_sha256("../../" + header.sha256()); },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    v1::UploadHeader header = header_for("hello");
    faults[i](header);
    EXPECT_EQ(upload_code(header, "hello"), StatusCode::INVALID_ARGUMENT) << "fault " << i;
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(ArtifactServiceTest, RefusesMessagesInTheWrongOrderOrSize) {
  start_with_a_trial();
  EXPECT_EQ(UploadCall(*stub_).finish().error_code(), StatusCode::INVALID_ARGUMENT) << "no header";
  UploadCall without_header(*stub_);
  EXPECT_TRUE(without_header.send("hello"));
  EXPECT_EQ(without_header.finish().error_code(), StatusCode::INVALID_ARGUMENT);
  const std::string large = content_of(kMiB + 1);
  for (const std::string& chunk : {std::string(), large}) {
    UploadCall call(*stub_);
    EXPECT_TRUE(call.send(header_for(large)));
    EXPECT_TRUE(call.send(chunk));
    EXPECT_EQ(call.finish().error_code(), StatusCode::INVALID_ARGUMENT);
  }
  UploadCall twice(*stub_);
  EXPECT_TRUE(twice.send(header_for(large)));
  EXPECT_TRUE(twice.send(header_for(large)));
  EXPECT_EQ(twice.finish().error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(files().empty());
}

TEST_F(ArtifactServiceTest, HasNoFilesButThoseItWasGiven) {
  start_with_a_trial();
  ASSERT_TRUE(upload(header_for("hello"), "hello").ok());
  std::string received;
  EXPECT_EQ(download(request_for(401), &received).error_code(), StatusCode::NOT_FOUND);
  v1::DownloadRequest other_sweep = request_for();
  other_sweep.set_sweep_id(2);
  EXPECT_EQ(download(other_sweep, &received).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(download({}, &received).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(download(request_for(-1), &received).error_code(), StatusCode::INVALID_ARGUMENT);
}

TEST_F(ArtifactServiceTest, IsForWorkersAndItsFilesForClientsToo) {
  const certs::Certificates certificates;
  options_.net.credentials = certificates.coordinator();
  start();
  const auto stub_of = [&](const fs::path& credentials) {
    return v1::ArtifactService::NewStub(
        net::make_channel("127.0.0.1:" + std::to_string(server_->port()), {.credentials = credentials})
            .value());
  };
  attempt_.set_trial_id(1);
  attempt_.set_epoch(1);
  std::string received;
  stub_ = stub_of(certificates.client());
  EXPECT_EQ(upload_code(header_for("hello"), "hello"), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(download(request_for(), &received).error_code(), StatusCode::NOT_FOUND) << "it may ask";
  stub_ = stub_of(certificates.worker());
  EXPECT_EQ(upload_code(header_for("hello"), "hello"), StatusCode::NOT_FOUND)
      << "it may, once it is registered";
  EXPECT_EQ(download(request_for(), &received).error_code(), StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace melsweep::rpc
