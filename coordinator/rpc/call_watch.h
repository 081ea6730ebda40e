// What becomes of every call, for those who measure.
#pragma once

#include <grpcpp/support/server_interceptor.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace melsweep::rpc {

struct EndedCall {
  std::string_view method;  // "WorkerService/Lease"
  // CANCELLED too where the caller went away before it was answered.
  grpc::StatusCode code = grpc::StatusCode::CANCELLED;
  std::chrono::nanoseconds duration{0};  // waiting for work and files on their way included
};

// Called on any thread, and must not wait.
using CallHandler = std::function<void(const EndedCall&)>;

// "WorkerService/Lease": every method that a Server serves.
std::vector<std::string> served_methods();

// For ServerBuilder::experimental().SetInterceptorCreators(). The handler must outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> watch_calls(
    const CallHandler& handler);

}  // namespace melsweep::rpc
