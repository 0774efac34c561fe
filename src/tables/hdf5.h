// A thin layer over the HDF5 C library: handles that close themselves, one function a job, errors that name
// the object and the reason. HDF5's own error printing is off. Not thread-safe, as HDF5 is not.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mavis::tables::hdf5 {

// "/product_line/vdd: missing attribute 'units'". Callers add file and remedy.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

bool is_hdf5(const std::filesystem::path& path);

// Owns one HDF5 identifier of any kind.
class Handle {
 public:
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) H5Idec_ref(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
};

using Shape = std::vector<std::size_t>;

// An open file, group or dataset. Element types T are double, std::int64_t, std::uint8_t and std::string
// (variable-length UTF-8; text with a NUL character is refused). Numbers are little-endian in the file and
// must be of exactly that type when read.
class Node {
 public:
  // --- writing: files are made in memory, without times, so that equal content gives equal bytes
  static Node create_in_memory();
  std::string image() const;  // the bytes of the file

  Node add_group(const std::string& name) const;
  template <class T>
  Node add(const std::string& name, const Shape& shape, const std::vector<T>& values) const;
  template <class T>
  void set(const std::string& attribute, const T& value) const;
  template <class T>
  void set(const std::string& attribute, const std::vector<T>& values) const;
  void make_scale(const std::string& name) const;  // this dataset becomes a dimension scale
  void attach_scale(const Node& scale, std::size_t dimension) const;

  // --- reading
  static Node open_file(const std::filesystem::path& path);  // REQUIRES: the file exists
  Node group(const std::string& name) const;
  Node dataset(const std::string& name) const;
  Node open(const std::string& name) const;  // group or dataset
  bool has(const std::string& name) const;
  std::vector<std::string> names() const;  // of everything in this group, sorted
  bool is_group() const;
  bool is_text() const;
  std::vector<std::string> attribute_names() const;  // in the order in which they were set
  bool has_attribute(const std::string& attribute) const;
  Shape shape() const;
  template <class T>
  std::vector<T> read(const Shape& shape) const;    // of exactly this shape
  std::vector<std::int64_t> read_integers() const;  // whole numbers of any size, whole dataset
  template <class T>
  T get(const std::string& attribute) const;
  template <class T>
  std::vector<T> get_all(const std::string& attribute) const;

  std::string path() const;  // "/product_line/vdd"

 private:
  explicit Node(hid_t id) : id_(id) {}
  [[noreturn]] void fail(const std::string& reason) const;
  Handle id_;
};

}  // namespace mavis::tables::hdf5
