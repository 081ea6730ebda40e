// Who may call what.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace melsweep::net {

enum class Role {
  kWorker,  // takes work and reports of it
  kClient,  // submits, cancels and reads
};

inline std::string_view name_of(Role role) {
  return role == Role::kWorker ? "worker" : "client";
}

// The role that a method ("/melsweep.v1.SweepService/Submit") asks of its caller; none where any will do.
using RoleOfMethod = std::function<std::optional<Role>(std::string_view method)>;

inline std::optional<Role> everybody_is_client(std::string_view) {
  return Role::kClient;
}

}  // namespace melsweep::net
