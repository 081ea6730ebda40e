// A coordinator as its workers and clients see it, for tests that ask it with raw stubs.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "melsweep/v1/results.grpc.pb.h"
#include "melsweep/v1/sweep.grpc.pb.h"
#include "melsweep/v1/worker.grpc.pb.h"
#include "shared/model/sweep.h"
#include "shared/spec/sweep_yaml.h"
#include "shared/time/clock.h"

namespace melsweep::rpc {

inline std::string two_trials() {
  SweepSpec spec;
  spec.name = "two";
  spec.dataset.path = "data";
  spec.dataset.split.validation_folds = {9};
  spec.base.model.weights = "random";
  spec.parameters = {{"learning_rate", "training.learning_rate", {0.1, 0.2}}};
  return spec::to_yaml(spec);
}

// A folder of this test's own, removed at its end.
class Folder {
 public:
  Folder() {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::path(testing::TempDir()) /
            ("melsweep-rpc-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string database() const { return (path_ / "results.db").string(); }
  std::filesystem::path artifacts() const { return path_ / "artifacts"; }

 private:
  std::filesystem::path path_;
};

// The machine's clock, and what the test lets pass on top. Thread-safe.
class PassingClock final : public Clock {
 public:
  Now now() const override {
    Now now = system_.now();
    now.monotonic += std::chrono::milliseconds(passed_ms_);
    return now;
  }
  void pass(std::chrono::milliseconds time) { passed_ms_ += time.count(); }

 private:
  SystemClock system_;
  std::atomic<std::int64_t> passed_ms_ = 0;
};

class Connection {
 public:
  explicit Connection(int port)
      : channel(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials())),
        workers(v1::WorkerService::NewStub(channel)),
        sweeps(v1::SweepService::NewStub(channel)),
        results(v1::ResultsService::NewStub(channel)) {}

  grpc::Status add_worker(const std::string& worker) {
    v1::RegisterRequest request;
    request.set_worker_id(worker);
    request.set_host("host");
    request.set_device("cpu");
    v1::RegisterResponse response;
    grpc::ClientContext context;
    grpc::Status status = workers->Register(&context, request, &response);
    if (status.ok()) {
      EXPECT_GT(response.lease_ttl_ms(), response.heartbeat_interval_ms());
      EXPECT_FALSE(response.store_id().empty());
    }
    return status;
  }

  grpc::Status submit(const std::string& yaml, const std::string& request_id, std::int64_t* sweep,
                      bool continue_unfinished = false) {
    v1::SubmitRequest request;
    request.set_continue_unfinished(continue_unfinished);
    request.set_request_id(request_id);
    request.set_yaml(yaml);
    request.set_source_name("two.yaml");
    v1::SubmitResponse response;
    grpc::ClientContext context;
    grpc::Status status = sweeps->Submit(&context, request, &response);
    *sweep = response.sweep_id();
    return status;
  }

  grpc::Status lease(const std::string& worker, std::int64_t wait_ms, v1::LeaseResponse* response) {
    v1::LeaseRequest request;
    request.set_worker_id(worker);
    request.set_request_id("lease-" + std::to_string(++leases));
    request.set_wait_ms(wait_ms);
    grpc::ClientContext context;
    return workers->Lease(&context, request, response);
  }

  grpc::Status report(const std::string& worker, const v1::ReportRequest& reports) {
    v1::ReportRequest request = reports;
    request.set_worker_id(worker);
    v1::ReportResponse response;
    grpc::ClientContext context;
    return workers->Report(&context, request, &response);
  }

  // One that names no work where the attempt is empty.
  v1::HeartbeatResponse beat(const std::string& worker, const v1::AttemptRef& attempt) {
    v1::HeartbeatRequest request;
    request.set_worker_id(worker);
    if (attempt.trial_id() != 0) *request.add_running()->mutable_work()->mutable_attempt() = attempt;
    v1::HeartbeatResponse response;
    grpc::ClientContext context;
    const grpc::Status status = workers->Heartbeat(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  v1::SweepSummary latest_sweep() {
    v1::GetSweepRequest request;
    request.set_which("last");
    v1::SweepSummary summary;
    grpc::ClientContext context;
    EXPECT_TRUE(results->GetSweep(&context, request, &summary).ok());
    return summary;
  }

  grpc::Status prepare(const std::string& worker) {
    v1::LeaseResponse response;
    if (grpc::Status status = lease(worker, 0, &response); !status.ok()) return status;
    v1::ReportRequest request;
    v1::Report& report = *request.add_reports();
    report.mutable_work()->mutable_prepare()->set_sweep_id(response.assignments(0).prepare().sweep_id());
    report.mutable_work()->mutable_prepare()->set_epoch(response.assignments(0).prepare().epoch());
    v1::DatasetReport& dataset = *report.mutable_dataset();
    dataset.set_content_hash("hash");
    dataset.add_classes("bark");
    v1::Clip& clip = *dataset.add_clips();
    clip.set_id("a.wav");
    clip.set_group("a");
    clip.set_fold(9);
    clip.set_content_hash("clip");
    clip.set_sample_rate(22050);
    clip.set_channels(1);
    clip.set_duration_s(1);
    clip.set_split(v1::SPLIT_VALIDATION);
    (*dataset.mutable_weights_hashes())["random"] = "random";
    return this->report(worker, request);
  }

  static v1::ReportRequest completion(const v1::AttemptRef& attempt, double accuracy) {
    v1::ReportRequest request;
    v1::Report& metrics = *request.add_reports();
    *metrics.mutable_work()->mutable_attempt() = attempt;
    v1::MetricPoint& point = *metrics.mutable_metrics()->add_points();
    point.set_step(100);
    point.set_name("validation/accuracy");
    point.set_value(accuracy);
    v1::Report& completed = *request.add_reports();
    *completed.mutable_work()->mutable_attempt() = attempt;
    completed.mutable_completed()->mutable_checkpoint()->set_step(100);
    completed.mutable_completed()->mutable_checkpoint()->set_path("/tmp/head.safetensors");
    completed.mutable_completed()->mutable_checkpoint()->set_sha256("hash");
    v1::Evaluation& evaluation = *completed.mutable_completed()->mutable_evaluation();
    evaluation.set_split(v1::SPLIT_VALIDATION);
    evaluation.set_step(100);
    evaluation.add_classes("bark");
    v1::Prediction& prediction = *evaluation.add_predictions();
    prediction.set_clip("a.wav");
    prediction.add_probabilities(1);
    return request;
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::WorkerService::Stub> workers;
  std::unique_ptr<v1::SweepService::Stub> sweeps;
  std::unique_ptr<v1::ResultsService::Stub> results;
  int leases = 0;
};

}  // namespace melsweep::rpc
