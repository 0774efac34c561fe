#include "tables/hdf5.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5_hl.h>

#include <functional>
#include <numeric>
#include <type_traits>

namespace mavis::tables::hdf5 {
namespace {

// What HDF5 says about its last error: the innermost message of its stack.
std::string last_reason() {
  std::string reason = "unknown error";
  const auto innermost = [](unsigned, const H5E_error2_t* error, void* text) -> herr_t {
    if (error->desc && *error->desc) *static_cast<std::string*>(text) = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, &reason);
  return reason;
}

hid_t ok(hid_t id_or_status, const std::string& object) {
  if (id_or_status < 0) throw Error(fmt::format("{}: {}", object, last_reason()));
  return id_or_status;
}

void silence() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

template <class T>
constexpr bool kText = std::is_same_v<T, std::string>;

// Type in the file, which is also the only one accepted when reading.
template <class T>
Handle file_type() {
  if constexpr (kText<T>) {
    Handle type(H5Tcopy(H5T_C_S1));
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
  } else if constexpr (std::is_same_v<T, double>) {
    return Handle(H5Tcopy(H5T_IEEE_F64LE));
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Handle(H5Tcopy(H5T_STD_I64LE));
  } else {
    return Handle(H5Tcopy(H5T_STD_U8LE));
  }
}

template <class T>
Handle memory_type() {
  if constexpr (std::is_same_v<T, double>) return Handle(H5Tcopy(H5T_NATIVE_DOUBLE));
  if constexpr (std::is_same_v<T, std::int64_t>) return Handle(H5Tcopy(H5T_NATIVE_INT64));
  return file_type<T>();
}

template <class T>
std::string type_name() {
  if constexpr (kText<T>) return "text";
  if constexpr (std::is_same_v<T, double>) return "64-bit floating point";
  if constexpr (std::is_same_v<T, std::int64_t>) return "64-bit integer";
  return "8-bit unsigned integer";
}

template <class T>
bool type_matches(hid_t type) {
  if constexpr (kText<T>) return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
  return H5Tequal(type, file_type<T>()) > 0;
}

Handle make_space(const Shape& shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR));
  const std::vector<hsize_t> sizes(shape.begin(), shape.end());
  return Handle(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr));
}

Shape shape_of(hid_t space) {
  std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space))));
  if (!sizes.empty()) H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
  return {sizes.begin(), sizes.end()};
}

std::size_t elements(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

// Gives `write` the pointer that HDF5 wants.
template <class T>
void write_elements(const std::vector<T>& values, const std::string& object,
                    const std::function<herr_t(hid_t, const void*)>& write) {
  const Handle type = memory_type<T>();
  if constexpr (kText<T>) {
    std::vector<const char*> texts;
    for (const std::string& text : values) {
      if (text.find('\0') != text.npos)
        throw std::invalid_argument(fmt::format("{}: text with a NUL character", object));
      texts.push_back(text.c_str());
    }
    ok(write(type, texts.data()), object);
  } else {
    ok(write(type, values.data()), object);
  }
}

template <class T>
std::vector<T> read_elements(const Shape& shape, const std::string& object,
                             const std::function<herr_t(hid_t, void*)>& read) {
  const Handle type = memory_type<T>();
  std::vector<T> values(elements(shape));
  if constexpr (kText<T>) {
    std::vector<char*> texts(values.size(), nullptr);
    ok(read(type, texts.data()), object);
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (texts[i]) values[i] = texts[i];
    H5Dvlen_reclaim(type, make_space(shape), H5P_DEFAULT, texts.data());
  } else {
    ok(read(type, values.data()), object);
  }
  return values;
}

// Property list for new objects: without times, attributes in a known order.
constexpr unsigned kDeflate = 4;

Handle creation(hid_t kind) {
  Handle properties(H5Pcreate(kind));
  ok(H5Pset_obj_track_times(properties, false), "times");
  if (kind != H5P_FILE_CREATE)
    ok(H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "order");
  return properties;
}

// Of numbers: large ones are compressed, in chunks that a reader can take whole.
template <class T>
Handle dataset_creation(const Shape& shape) {
  constexpr std::size_t kLarge = 32 << 10, kChunk = 4 << 20;  // bytes
  Handle properties = creation(H5P_DATASET_CREATE);
  if constexpr (std::is_arithmetic_v<T>) {
    std::vector<hsize_t> chunk(shape.begin(), shape.end());
    const auto bytes = [&] {
      return std::accumulate(chunk.begin(), chunk.end(), sizeof(T),
                             [](std::size_t a, hsize_t b) { return a * static_cast<std::size_t>(b); });
    };
    if (bytes() < kLarge) return properties;
    for (hsize_t& extent : chunk)
      while (bytes() > kChunk && extent > 1) extent = (extent + 1) / 2;
    ok(H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), "chunk");
    ok(H5Pset_shuffle(properties), "shuffle");
    ok(H5Pset_deflate(properties, kDeflate), "deflate");
  }
  return properties;
}

}  // namespace

std::string Node::path() const {
  const ssize_t length = H5Iget_name(id_, nullptr, 0);
  if (length <= 0) return "/";
  std::string name(static_cast<std::size_t>(length) + 1, '\0');
  H5Iget_name(id_, name.data(), name.size());
  name.resize(static_cast<std::size_t>(length));
  return name;
}

void Node::fail(const std::string& reason) const {
  throw Error(fmt::format("{}: {}", path(), reason));
}

// --- writing

Node Node::create_in_memory() {
  silence();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS));
  ok(H5Pset_fapl_core(access, 1 << 20, false), "memory");
  // Bounds fixed: another default of a later HDF5 must not change the bytes; readable from HDF5 1.8 on. Not
  // V18 as the lower one: H5Fget_file_image of HDF5 1.10 then gives a superblock with a wrong checksum.
  ok(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18), "version");
  return Node(ok(H5Fcreate("library", H5F_ACC_TRUNC, creation(H5P_FILE_CREATE), access), "/"));
}

std::string Node::image() const {
  ok(H5Fflush(id_, H5F_SCOPE_GLOBAL), path());
  const ssize_t size = H5Fget_file_image(id_, nullptr, 0);
  if (size <= 0) fail(last_reason());
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (H5Fget_file_image(id_, bytes.data(), bytes.size()) < 0) fail(last_reason());
  return bytes;
}

Node Node::add_group(const std::string& name) const {
  return Node(ok(H5Gcreate2(id_, name.c_str(), H5P_DEFAULT, creation(H5P_GROUP_CREATE), H5P_DEFAULT),
                 path() + " " + name));
}

template <class T>
Node Node::add(const std::string& name, const Shape& shape, const std::vector<T>& values) const {
  const std::string object = path() + " " + name;
  Node node(ok(H5Dcreate2(id_, name.c_str(), file_type<T>(), make_space(shape), H5P_DEFAULT,
                          dataset_creation<T>(shape), H5P_DEFAULT),
               object));
  if (!values.empty())
    write_elements<T>(values, object, [&](hid_t type, const void* data) {
      return H5Dwrite(node.id_, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    });
  return node;
}

namespace {

template <class T>
void write_attribute(hid_t node, const std::string& object, const std::string& name, const Shape& shape,
                     const std::vector<T>& values) {
  const Handle attribute(ok(
      H5Acreate2(node, name.c_str(), file_type<T>(), make_space(shape), H5P_DEFAULT, H5P_DEFAULT), object));
  if (!values.empty())
    write_elements<T>(values, object,
                      [&](hid_t type, const void* data) { return H5Awrite(attribute, type, data); });
}

}  // namespace

template <class T>
void Node::set(const std::string& attribute, const T& value) const {
  write_attribute<T>(id_, path() + " " + attribute, attribute, {}, {value});
}

template <class T>
void Node::set(const std::string& attribute, const std::vector<T>& values) const {
  write_attribute<T>(id_, path() + " " + attribute, attribute, {values.size()}, values);
}

void Node::make_scale(const std::string& name) const {
  ok(H5DSset_scale(id_, name.c_str()), path());
}

void Node::attach_scale(const Node& scale, std::size_t dimension) const {
  ok(H5DSattach_scale(id_, scale.id_, static_cast<unsigned>(dimension)), path());
}

// --- reading

bool is_hdf5(const std::filesystem::path& path) {
  silence();
  return H5Fis_hdf5(path.c_str()) > 0;
}

Node Node::open_file(const std::filesystem::path& path) {
  silence();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) throw Error(last_reason());
  return Node(file);
}

Node Node::open(const std::string& name) const {
  const std::string parent = path();
  const std::string object = (parent == "/" ? "" : parent) + "/" + name;
  if (!has(name)) throw Error(fmt::format("{}: missing", object));
  return Node(ok(H5Oopen(id_, name.c_str(), H5P_DEFAULT), object));
}

Node Node::group(const std::string& name) const {
  Node node = open(name);
  if (!node.is_group()) node.fail("not a group");
  return node;
}

Node Node::dataset(const std::string& name) const {
  Node node = open(name);
  if (H5Iget_type(node.id_) != H5I_DATASET) node.fail("not a dataset");
  return node;
}

bool Node::has(const std::string& name) const {
  return H5Lexists(id_, name.c_str(), H5P_DEFAULT) > 0 &&
         H5Oexists_by_name(id_, name.c_str(), H5P_DEFAULT) > 0;
}

bool Node::is_group() const {
  return H5Iget_type(id_) == H5I_GROUP;
}

bool Node::is_text() const {
  return H5Tget_class(Handle(H5Dget_type(id_))) == H5T_STRING;
}

std::vector<std::string> Node::names() const {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  ok(H5Literate(id_, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names), path());
  return names;
}

std::vector<std::string> Node::attribute_names() const {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  ok(H5Aiterate2(id_, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, add, &names), path());
  return names;
}

bool Node::has_attribute(const std::string& attribute) const {
  return H5Aexists(id_, attribute.c_str()) > 0;
}

Shape Node::shape() const {
  return shape_of(Handle(ok(H5Dget_space(id_), path())));
}

template <class T>
std::vector<T> Node::read(const Shape& wanted) const {
  if (!type_matches<T>(Handle(H5Dget_type(id_)))) fail("wrong type, expected " + type_name<T>());
  if (const Shape found = shape(); found != wanted)
    fail(fmt::format("wrong shape ({}), expected ({})", fmt::join(found, ", "), fmt::join(wanted, ", ")));
  return read_elements<T>(wanted, path(), [&](hid_t type, void* data) {
    return elements(wanted) == 0 ? 0 : H5Dread(id_, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  });
}

std::vector<std::int64_t> Node::read_integers() const {
  if (H5Tget_class(Handle(H5Dget_type(id_))) != H5T_INTEGER) fail("wrong type, expected whole numbers");
  return read_elements<std::int64_t>(shape(), path(), [&](hid_t type, void* data) {
    return elements(shape()) == 0 ? 0 : H5Dread(id_, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  });
}

template <class T>
std::vector<T> Node::get_all(const std::string& attribute) const {
  const std::string object = fmt::format("{}: attribute '{}'", path(), attribute);
  if (!has_attribute(attribute)) fail(fmt::format("missing attribute '{}'", attribute));
  const Handle open(ok(H5Aopen(id_, attribute.c_str(), H5P_DEFAULT), object));
  if (!type_matches<T>(Handle(H5Aget_type(open))))
    throw Error(fmt::format("{}: wrong type, expected {}", object, type_name<T>()));
  const Shape shape = shape_of(Handle(H5Aget_space(open)));
  return read_elements<T>(shape, object, [&](hid_t type, void* data) {
    return elements(shape) == 0 ? 0 : H5Aread(open, type, data);
  });
}

template <class T>
T Node::get(const std::string& attribute) const {
  const std::vector<T> values = get_all<T>(attribute);
  if (values.size() != 1)
    fail(fmt::format("attribute '{}': {} values, expected one", attribute, values.size()));
  return values.front();
}

#define MAVIS_INSTANTIATE(T)                                                                 \
  template Node Node::add<T>(const std::string&, const Shape&, const std::vector<T>&) const; \
  template void Node::set<T>(const std::string&, const T&) const;                            \
  template void Node::set<T>(const std::string&, const std::vector<T>&) const;               \
  template std::vector<T> Node::read<T>(const Shape&) const;                                 \
  template T Node::get<T>(const std::string&) const;                                         \
  template std::vector<T> Node::get_all<T>(const std::string&) const;
MAVIS_INSTANTIATE(double)
MAVIS_INSTANTIATE(std::int64_t)
MAVIS_INSTANTIATE(std::uint8_t)
MAVIS_INSTANTIATE(std::string)
#undef MAVIS_INSTANTIATE

}  // namespace mavis::tables::hdf5
