// Creates organizations at the same time, lists them, and handles an error:
//
//   cmake -S . -B build -DCMAKE_PREFIX_PATH=$HOME/.local && cmake --build build && build/quickstart
#include <iostream>
#include <scalekit/scalekit.hpp>

// Prints a result. Returns whether it is a success.
static bool show(const std::string& title, const scalekit::Result<scalekit::Json>& result) {
  if (result) {
    std::cout << title << ": " << *result << '\n';
  } else {
    std::cerr << title << ": " << result.error().summary << '\n';
  }
  return result.has_value();
}

int main() {
  auto client = scalekit::Client::from_env(R"({"timeout_seconds": 10})");
  if (!client) {
    std::cerr << client.error().summary << '\n';
    return 1;
  }

  std::vector<scalekit::Pending> calls;
  for (const char* name : {"Acme", "Globex", "Initech"}) {
    // Names with quotation marks need a JSON library, which escapes them.
    const std::string organization = R"({"organization": {"display_name": ")" + std::string(name) + R"("}})";
    auto started = client->start("organizations.create", organization);
    if (!started) {
      std::cerr << started.error().summary << '\n';
      return 1;
    }
    calls.push_back(*std::move(started));
  }
  for (auto& call : calls) {
    if (!show("created", call.get())) {
      return 1;
    }
  }

  auto pager = client->pager("organizations.list_all", R"({"params": {"page_size": 10}})");
  if (!pager) {
    std::cerr << pager.error().summary << '\n';
    return 1;
  }
  while (auto page = pager->next()) {
    if (!show("page", *page)) {
      return 1;
    }
  }

  auto missing = client->call("organizations.get", R"({"id": "org_none"})");
  show("missing", missing);
  return !missing && missing.error().kind == SCALEKIT_NOT_FOUND ? 0 : 1;
}
