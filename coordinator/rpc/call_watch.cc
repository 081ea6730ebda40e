#include "coordinator/rpc/call_watch.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "melsweep/v1/artifact.pb.h"
#include "melsweep/v1/results.pb.h"
#include "melsweep/v1/sweep.pb.h"
#include "melsweep/v1/worker.pb.h"
#include "shared/time/stopwatch.h"

namespace melsweep::rpc {
namespace {

constexpr std::string_view kPackage = "/melsweep.v1.";

std::string_view name_of(std::string_view method) {
  return method.starts_with(kPackage) ? method.substr(kPackage.size()) : method;
}

// Lives as long as its call.
class CallWatch final : public grpc::experimental::Interceptor {
 public:
  CallWatch(const char* method, const CallHandler& handler) : method_(name_of(method)), handler_(handler) {}
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;
  ~CallWatch() override { handler_({method_, code_, watch_.elapsed()}); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using grpc::experimental::InterceptionHookPoints;
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      code_ = methods->GetSendStatus().error_code();
    }
    methods->Proceed();
  }

 private:
  std::string_view method_;  // of gRPC's, which lives as long as the server
  const CallHandler& handler_;
  grpc::StatusCode code_ = grpc::StatusCode::CANCELLED;
  Stopwatch watch_;
};

class CallWatchFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallWatchFactory(const CallHandler& handler) : handler_(handler) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    return new CallWatch(info->method(), handler_);  // gRPC's way: the call owns it
  }

 private:
  const CallHandler& handler_;
};

}  // namespace

std::vector<std::string> served_methods() {
  std::vector<std::string> methods;
  for (const auto* file :
       {v1::LeaseRequest::descriptor()->file(), v1::SubmitRequest::descriptor()->file(),
        v1::GetSweepRequest::descriptor()->file(), v1::UploadRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      const google::protobuf::ServiceDescriptor& service = *file->service(i);
      for (int j = 0; j < service.method_count(); ++j) {
        methods.push_back(absl::StrCat(service.name(), "/", service.method(j)->name()));
      }
    }
  }
  return methods;
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> watch_calls(
    const CallHandler& handler) {
  return std::make_unique<CallWatchFactory>(handler);
}

}  // namespace melsweep::rpc
