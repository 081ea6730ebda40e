// What a service tells the systemd that started it, as sd_notify(3) has it.
#pragma once

#include <string>

namespace melsweep::monitoring {

// Sends the state, such as "READY=1", to $NOTIFY_SOCKET. Nothing happens where that is unset. Where nobody
// takes it the log has a warning: it is no reason to stop.
void tell_systemd(const std::string& state);

}  // namespace melsweep::monitoring
