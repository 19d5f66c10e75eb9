#include "solver/base/whole_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "solver/base/error.hpp"

namespace porelith {
namespace {

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw WriteError(fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

/// Syncs a file, or a folder so that a rename in it survives a crash of the machine.
void sync_path(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) cannot_write(path, errno);
  const int failed = ::fsync(file) ? errno : 0;
  ::close(file);
  // Some file systems cannot sync a folder; the rename is still atomic there.
  if (failed && !(flags & O_DIRECTORY)) cannot_write(path, failed);
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

void judge_folder(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::path part;
  for (const auto& name : std::filesystem::path(folder)) {
    part /= name;
    if (std::filesystem::exists(part, ignored) && !std::filesystem::is_directory(part, ignored)) {
      throw WriteError(fmt::format("cannot make the folder {}: {} is a file", folder, part.string()));
    }
  }
}

void make_folder(const std::string& folder) {
  std::error_code error, ignored;
  std::filesystem::create_directories(folder, error);
  if (std::filesystem::is_directory(folder, ignored)) return;
  judge_folder(folder);
  throw WriteError(fmt::format("cannot make the folder {}: {}", folder, error.message()));
}

void write_fully(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      cannot_write(path, errno);
    }
  }
}

WholeFile::WholeFile(std::string path)
    : path_(std::move(path)), temporary_(fmt::format("{}.{}.tmp", path_, ::getpid())) {}

WholeFile::~WholeFile() {
  if (!committed_) ::unlink(temporary_.c_str());
}

void WholeFile::write(std::string_view bytes) {
  const int file = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(path_, errno);
  try {
    write_fully(file, bytes, path_);
  } catch (...) {
    ::close(file);
    throw;
  }
  // A network file system may report a full disk only here.
  if (::close(file)) cannot_write(path_, errno);
}

void WholeFile::reserve(std::size_t bytes) {
  const int file = ::open(temporary_.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) cannot_write(path_, errno);
  const int failed = ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) ? errno : 0;
  ::close(file);
  if (failed == ENOSPC || failed == EFBIG || failed == EDQUOT) cannot_write(path_, failed);
}

void WholeFile::commit(bool durable) {
  if (durable) sync_path(temporary_, O_RDONLY);
  if (::rename(temporary_.c_str(), path_.c_str())) cannot_write(path_, errno);
  committed_ = true;
  if (durable) sync_path(folder_of(path_), O_RDONLY | O_DIRECTORY);
}

void write_whole_file(const std::string& path, std::string_view bytes, bool durable) {
  WholeFile file(path);
  file.write(bytes);
  file.commit(durable);
}

}  // namespace porelith
