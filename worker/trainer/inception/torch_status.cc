#include "worker/trainer/inception/torch_status.h"

#include <torch/torch.h>

#include <dnnl.hpp>
#include <exception>
#include <new>
#include <string>

#include "absl/strings/str_cat.h"

namespace melsweep::inception {

absl::Status catch_torch(const std::function<void()>& work) {
  try {
    work();
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("out of memory");
  } catch (const c10::Error& error) {
    // libtorch 1.13 has no type of its own for every allocator's failure, only this text.
    const std::string message = error.what_without_backtrace();
    if (message.find("out of memory") != std::string::npos ||
        message.find("can't allocate memory") != std::string::npos) {
      return absl::ResourceExhaustedError(message);
    }
    return absl::InternalError(message);
  } catch (const dnnl::error& error) {
    return error.status == dnnl_out_of_memory ? absl::ResourceExhaustedError("out of memory")
                                              : absl::InternalError(absl::StrCat("oneDNN: ", error.message));
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

}  // namespace melsweep::inception
