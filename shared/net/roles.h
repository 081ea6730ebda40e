// Who may call what.
#pragma once

#include <functional>
#include <string_view>

namespace melsweep::net {

enum class Role {
  kWorker,  // takes work and reports of it
  kClient,  // submits, cancels and reads
};

inline std::string_view name_of(Role role) {
  return role == Role::kWorker ? "worker" : "client";
}

// The role that a method ("/melsweep.v1.SweepService/Submit") asks of its caller.
using RoleOfMethod = std::function<Role(std::string_view method)>;

inline Role everybody_is_client(std::string_view) {
  return Role::kClient;
}

}  // namespace melsweep::net
