#pragma once
/// One run a folder at a time.
#include <string>

namespace porelith {

/// Holds a folder until destroyed, or until the process ends, however it ends. Leaves no file behind.
class FolderLock {
 public:
  /// @throws WriteError if somebody else holds it
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int folder_;
};

}  // namespace porelith
