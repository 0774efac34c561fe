// This file includes itself once for each instruction set.
#define HWY_WANT_AVX3_DL  // counts bits in one step
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "macro/kernels.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <array>
#include <cstring>
#include <limits>

#include "macro/kernels.h"
#include "macro/normal_pieces.h"
#include "util/draws.h"

HWY_BEFORE_NAMESPACE();
namespace mavis::macro::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D64 = hn::ScalableTag<std::uint64_t>;
using D32 = hn::ScalableTag<std::uint32_t>;
using DF = hn::ScalableTag<float>;
using DPair = hn::CappedTag<float, 2>;
using V64 = hn::Vec<D64>;
using V32 = hn::Vec<D32>;
using VF = hn::Vec<DF>;

constexpr D64 d64;
constexpr D32 d32;
constexpr DF df;
constexpr hn::RebindToSigned<D32> di32;
constexpr hn::Rebind<std::uint16_t, D32> d16;

constexpr std::size_t kMostWords = 16;  // of an input: 1024 columns
constexpr std::size_t kChunk = 512;     // operations at a time; the widest vectors have 16 lanes of 32 bits

// Low halves of the lanes of two vectors, in order.
HWY_INLINE V32 pack(V64 low, V64 high) {
  return hn::ConcatEven(d32, hn::BitCast(d32, high), hn::BitCast(d32, low));
}

// Philox4x32-10 of a source, for as many addresses as a vector has lanes of 32 bits.
class Philox {
 public:
  explicit HWY_INLINE Philox(const NoiseSource& source) : source_(source) {
    auto k0 = static_cast<std::uint32_t>(source.seed), k1 = static_cast<std::uint32_t>(source.seed >> 32);
    for (std::size_t round = 0; round < kRounds; ++round) {
      hn::Store(hn::Set(d64, k0), d64, keys_.data() + 2 * round * kLanes);
      hn::Store(hn::Set(d64, k1), d64, keys_.data() + (2 * round + 1) * kLanes);
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
  }
  const NoiseSource& source() const { return source_; }

  // Word w of lane i goes to words[w * stride + i]. What is in the upper half of a 64-bit lane does not
  // count.
  HWY_INLINE void draw(V64 low, V64 high, std::uint32_t* words, std::size_t stride) const {
    const V32 m0 = hn::Set(d32, 0xD2511F53U), m1 = hn::Set(d32, 0xCD9E8D57U);
    V64 a0 = hn::Set(d64, source_.chip), b0 = a0;
    V64 a1 = hn::Set(d64, static_cast<std::uint64_t>(Stream::noise)), b1 = a1;
    V64 a2 = low, b2 = high, a3 = hn::ShiftRight<32>(low), b3 = hn::ShiftRight<32>(high);
    for (std::size_t round = 0; round < kRounds; ++round) {
      const V64 k0 = hn::Load(d64, keys_.data() + 2 * round * kLanes);
      const V64 k1 = hn::Load(d64, keys_.data() + (2 * round + 1) * kLanes);
      const V64 p0 = hn::MulEven(hn::BitCast(d32, a0), m0), p1 = hn::MulEven(hn::BitCast(d32, a2), m1);
      const V64 q0 = hn::MulEven(hn::BitCast(d32, b0), m0), q1 = hn::MulEven(hn::BitCast(d32, b2), m1);
      a0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p1), a1), k0);
      b0 = hn::Xor(hn::Xor(hn::ShiftRight<32>(q1), b1), k0);
      a2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(p0), a3), k1);
      b2 = hn::Xor(hn::Xor(hn::ShiftRight<32>(q0), b3), k1);
      a1 = p1, b1 = q1, a3 = p0, b3 = q0;
    }
    hn::Store(pack(a0, b0), d32, words);
    hn::Store(pack(a1, b1), d32, words + stride);
    hn::Store(pack(a2, b2), d32, words + 2 * stride);
    hn::Store(pack(a3, b3), d32, words + 3 * stride);
  }

 private:
  static constexpr std::size_t kRounds = 10, kLanes = 8;
  const NoiseSource& source_;
  HWY_ALIGN std::array<std::uint64_t, 2 * kRounds * kLanes> keys_;
};

template <class T>
HWY_INLINE auto gather(const T* from, V32 index) {
  const hn::ScalableTag<T> d;
  return hn::GatherIndex(d, from, hn::BitCast(di32, index));
}

HWY_INLINE VF normals(V32 words) {
  const V32 v = hn::And(words, hn::Set(d32, 0x7FFFFFFFU));
  const VF f = hn::Add(hn::ConvertTo(df, hn::BitCast(di32, v)), hn::Set(df, 0.5F));
  const V32 bits = hn::BitCast(d32, f);
  const V32 piece = hn::Sub(hn::ShiftRight<NormalPieces::kShift>(bits), hn::Set(d32, NormalPieces::kFirst));
  const V32 at = hn::And(bits, hn::Set(d32, (1U << NormalPieces::kShift) - 1));
  const VF t = hn::ConvertTo(df, hn::BitCast(di32, at));
  const NormalPieces& pieces = normal_pieces();
  VF z = gather(pieces.c[3].data(), piece);
  for (std::size_t power : {2, 1, 0}) z = hn::Add(hn::Mul(z, t), gather(pieces.c[power].data(), piece));
  // Negative: the lower half of the distribution.
  const V32 sign = hn::And(words, hn::Set(d32, 0x80000000U));
  return hn::BitCast(df, hn::Xor(hn::BitCast(d32, z), sign));
}

// What a chunk's operations find of stored ones with input 1, and of input ones; inputs of a part of a chunk
// are first copied to where reading on does no harm.
class Inputs {
 public:
  Inputs(const std::uint64_t* stored, int words, const std::uint64_t* inputs, std::size_t stride,
         std::size_t begin, std::size_t count, std::size_t padded)
      : stored_(stored), words_(static_cast<std::size_t>(words)) {
    for (std::size_t v = 0; v < words_; ++v) {
      word_[v] = inputs + v * stride + begin;
      if (count == padded) continue;
      std::memcpy(copy_[v].data(), word_[v], count * sizeof(std::uint64_t));
      std::memset(copy_[v].data() + count, 0, (padded - count) * sizeof(std::uint64_t));
      word_[v] = copy_[v].data();
    }
  }
  HWY_INLINE std::uint64_t word(std::size_t v, std::size_t i) const { return word_[v][i]; }
  HWY_INLINE V64 products(std::size_t i) const {
    V64 sum = hn::PopulationCount(hn::And(hn::LoadU(d64, word_[0] + i), hn::Set(d64, stored_[0])));
    for (std::size_t v = 1; v < words_; ++v)
      sum =
          hn::Add(sum, hn::PopulationCount(hn::And(hn::LoadU(d64, word_[v] + i), hn::Set(d64, stored_[v]))));
    return sum;
  }
  HWY_INLINE V64 ones(std::size_t i) const {
    V64 sum = hn::PopulationCount(hn::LoadU(d64, word_[0] + i));
    for (std::size_t v = 1; v < words_; ++v)
      sum = hn::Add(sum, hn::PopulationCount(hn::LoadU(d64, word_[v] + i)));
    return sum;
  }

 private:
  const std::uint64_t* stored_;
  std::size_t words_;
  std::array<const std::uint64_t*, kMostWords> word_;
  std::array<std::array<std::uint64_t, kChunk>, kMostWords> copy_;
};

// Levels of a chunk without temporal noise.
HWY_INLINE void find_levels(const DetailedKernel& kernel, const Inputs& in, float* level, float* drift,
                            std::uint32_t* found_products) {
  constexpr std::size_t kStride = DetailedKernel::kNodes, kGroupSize = 16 * kStride;
  const std::size_t lanes = hn::Lanes(d32), half = hn::Lanes(d64);
  const V32 row = hn::Set(d32, static_cast<std::uint32_t>(kernel.columns + 1));
  HWY_ALIGN std::array<std::int32_t, kChunk> node;
  HWY_ALIGN std::array<float, kChunk> part;
  HWY_ALIGN std::array<float, 2 * kChunk> sums;
  const VF most = hn::Set(df, static_cast<float>(kernel.nodes - 1));
  const auto last = hn::Set(di32, kernel.nodes - 2);
  for (std::size_t i = 0; i < kChunk; i += lanes) {
    const V32 products = pack(in.products(i), in.products(i + half)),
              ones = pack(in.ones(i), in.ones(i + half));
    const V32 place = hn::Add(hn::Mul(products, row), ones);
    hn::Store(products, d32, found_products + i);
    const VF nominal = gather(kernel.level, place);
    hn::Store(nominal, df, level + i);
    hn::Store(gather(kernel.drift, place), df, drift + i);
    const VF at = hn::Clamp(hn::Mul(nominal, hn::Set(df, kernel.nodes_per_volt)), hn::Zero(df), most);
    const auto below = hn::Min(hn::ConvertTo(di32, at), last);
    hn::Store(below, di32, node.data() + i);
    hn::Store(hn::Sub(at, hn::ConvertTo(df, below)), df, part.data() + i);
  }
  const std::size_t words = static_cast<std::size_t>(kernel.words);
  const int of_last = kernel.quads - 4 * (kernel.words - 1);
  for (std::size_t i = 0; i < kChunk; ++i) {
    // Four sums: each add waits for the one before it.
    const DPair pair;
    auto s0 = hn::Zero(pair), s1 = s0, s2 = s0, s3 = s0;
    const float* group = kernel.deviations + node[i];
    for (std::size_t v = 0; v < words; ++v) {
      std::uint64_t bits = in.word(v, i);
      for (int g = v + 1 < words ? 4 : of_last; g > 0; --g, group += 4 * kGroupSize, bits >>= 16) {
        s0 = hn::Add(s0, hn::LoadU(pair, group + (bits & 15) * kStride));
        s1 = hn::Add(s1, hn::LoadU(pair, group + kGroupSize + (bits >> 4 & 15) * kStride));
        s2 = hn::Add(s2, hn::LoadU(pair, group + 2 * kGroupSize + (bits >> 8 & 15) * kStride));
        s3 = hn::Add(s3, hn::LoadU(pair, group + 3 * kGroupSize + (bits >> 12 & 15) * kStride));
      }
    }
    hn::StoreU(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), pair, sums.data() + 2 * i);
  }
  for (std::size_t i = 0; i < kChunk; i += lanes) {
    VF below, above;
    hn::LoadInterleaved2(df, sums.data() + 2 * i, below, above);
    const VF rise = hn::Mul(hn::Load(df, part.data() + i), hn::Sub(above, below));
    hn::Store(hn::Add(hn::Load(df, level + i), hn::Add(below, rise)), df, level + i);
  }
}

// Of the trials of a cycle, in the order of the codes so far: `all` has those of cycle 0, then of cycle 1 ...
HWY_INLINE VF of_trial(const float* all, int cycle, V32 code_so_far) {
  const std::size_t count = std::size_t{1} << cycle;
  const float* own = all + (count - 1);
  if (count > hn::Lanes(df)) return gather(own, code_so_far);
  return hn::TableLookupLanes(hn::LoadU(df, own), hn::IndicesFromVec(df, code_so_far));
}

// Codes of `kernel.cycles` decisions. `noise(cycle, code so far)` is what moves the level in a cycle; it is
// asked for only where some lane is nearer to its threshold than `kernel.near`. Gets the nearest distance and
// its cycle.
template <class Noise>
HWY_INLINE V32 decide(const DetailedKernel& kernel, VF level, VF drift, const Noise& noise, VF& least,
                      V32& nearest) {
  const VF near = hn::Set(df, kernel.near);
  V32 code = hn::Zero(d32);
  VF inp = level;
  least = hn::Set(df, std::numeric_limits<float>::infinity());
  nearest = code;
  for (int cycle = 0; cycle < kernel.cycles; ++cycle) {
    VF over = hn::Sub(inp, of_trial(kernel.threshold, cycle, code));
    const VF distance = hn::Abs(over);
    const auto nearer = hn::Lt(distance, least);
    least = hn::IfThenElse(nearer, distance, least);
    nearest =
        hn::IfThenElse(hn::RebindMask(d32, nearer), hn::Set(d32, static_cast<std::uint32_t>(cycle)), nearest);
    if (Noise::kAny && !hn::AllFalse(df, hn::Lt(distance, near))) over = hn::Add(over, noise(cycle, code));
    const auto is_zero = hn::RebindMask(d32, hn::Gt(over, hn::Zero(df)));
    code = hn::Add(hn::Add(code, code), hn::IfThenZeroElse(is_zero, hn::Set(d32, 1)));
    inp = hn::Add(inp, drift);
  }
  return hn::ShiftLeftSame(code, kernel.bits - kernel.cycles);
}

HWY_INLINE void store(V32 code, std::uint16_t* to) {
  hn::StoreU(hn::DemoteTo(d16, hn::BitCast(di32, code)), d16, to);
}

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
constexpr std::size_t kBlocks = 3;  // of an operation: 12 words, for its level and up to 10 decisions

struct NoNoise {
  static constexpr bool kAny = false;
  VF operator()(int, V32) const { return hn::Zero(df); }
};

// Draws of as many operations as a vector has lanes: word 0 for the level, then those of the decisions from
// the last one on, which noise turns most often: they share a block with the level.
class Draws {
 public:
  static constexpr bool kAny = true;
  HWY_INLINE Draws(const DetailedKernel& kernel, const Philox& philox, const std::uint64_t* address)
      : kernel_(kernel), philox_(philox), address_(address) {}

  HWY_INLINE VF normal(std::size_t word) const {
    const std::size_t block = word / 4, lanes = hn::Lanes(d32);
    if (!known_[block]) {
      const V64 on = hn::Set(d64, block * kOdd);
      philox_.draw(hn::Add(hn::LoadU(d64, address_), on), hn::Add(hn::LoadU(d64, address_ + lanes / 2), on),
                   words_.data() + 4 * block * lanes, lanes);
      known_[block] = true;
    }
    return normals(hn::Load(d32, words_.data() + word * lanes));
  }
  HWY_INLINE VF operator()(int cycle, V32 code) const {
    return hn::Mul(of_trial(kernel_.noise, cycle, code),
                   normal(static_cast<std::size_t>(kernel_.cycles - cycle)));
  }

 private:
  const DetailedKernel& kernel_;
  const Philox& philox_;
  const std::uint64_t* address_;
  mutable std::array<bool, kBlocks> known_{};
  HWY_ALIGN mutable std::array<std::uint32_t, 4 * kBlocks * DetailedKernel::kRoom> words_;
};

// at * kOdd * kBlocks, of numbers below 2^32 in 64-bit lanes.
HWY_INLINE V64 addresses(V64 at) {
  constexpr std::uint64_t kStep = kBlocks * kOdd;
  const V32 low = hn::Set(d32, static_cast<std::uint32_t>(kStep)), high = hn::Set(d32, kStep >> 32);
  const V64 upper = hn::MulEven(hn::BitCast(d32, at), high);
  return hn::Add(hn::MulEven(hn::BitCast(d32, at), low), hn::ShiftLeft<32>(upper));
}

// Decides again the operations of a chunk whose codes noise can turn, cycle by cycle that it can turn: other
// cycles then seldom need draws.
HWY_INLINE void decide_unsure(const DetailedKernel& kernel, const Philox& philox, std::uint64_t first,
                              std::size_t chunk, const float* level, const float* drift,
                              const std::uint32_t* products, const float* least, const std::uint32_t* nearest,
                              std::uint16_t* codes) {
  const std::size_t lanes = hn::Lanes(d32);
  const VF near = hn::Set(df, kernel.near);
  const V64 base = hn::Set(d64, philox.source().sequence + first * kBlocks * kOdd);
  HWY_ALIGN std::array<std::uint32_t, kChunk + DetailedKernel::kRoom> which;
  for (std::uint32_t cycle = 0; cycle < static_cast<std::uint32_t>(kernel.cycles); ++cycle) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < chunk; i += lanes) {
      const V32 here = hn::Iota(d32, static_cast<std::uint32_t>(i));
      const auto counts = hn::And(hn::RebindMask(d32, hn::Lt(hn::Load(df, least + i), near)),
                                  hn::And(hn::Eq(hn::Load(d32, nearest + i), hn::Set(d32, cycle)),
                                          hn::Lt(here, hn::Set(d32, static_cast<std::uint32_t>(chunk)))));
      count += hn::CompressStore(here, counts, d32, which.data() + count);
    }
    // Lanes to spare repeat an operation.
    if (count > 0) hn::StoreU(hn::Set(d32, which[0]), d32, which.data() + count);
    for (std::size_t begin = 0; begin < count; begin += lanes) {
      const V32 at = hn::LoadU(d32, which.data() + begin);
      const hn::Half<D32> half;
      HWY_ALIGN std::array<std::uint64_t, DetailedKernel::kRoom> address;
      hn::Store(hn::Add(base, addresses(hn::PromoteTo(d64, hn::LowerHalf(half, at)))), d64, address.data());
      hn::Store(hn::Add(base, addresses(hn::PromoteTo(d64, hn::UpperHalf(half, at)))), d64,
                address.data() + lanes / 2);
      const Draws draws(kernel, philox, address.data());
      const VF noise = gather(kernel.level_noise, gather(products, at));
      VF distance;
      V32 unused;
      const V32 code = decide(kernel, hn::Add(gather(level, at), hn::Mul(noise, draws.normal(0))),
                              gather(drift, at), draws, distance, unused);
      HWY_ALIGN std::array<std::uint32_t, DetailedKernel::kRoom> found;
      hn::Store(code, d32, found.data());
      for (std::size_t i = 0; i < HWY_MIN(lanes, count - begin); ++i)
        codes[which[begin + i]] = static_cast<std::uint16_t>(found[i]);
    }
  }
}

void Detailed(const DetailedKernel& kernel, const std::uint64_t* inputs, std::size_t stride, std::size_t n,
              const NoiseSource* source, std::uint64_t first, std::uint16_t* codes, float* levels) {
  const std::size_t lanes = hn::Lanes(d32);
  const NoiseSource none;
  const Philox philox(source ? *source : none);
  for (std::size_t begin = 0; begin < n; begin += kChunk) {
    const std::size_t count = HWY_MIN(kChunk, n - begin);
    const Inputs in(kernel.stored, kernel.words, inputs, stride, begin, count, kChunk);
    HWY_ALIGN std::array<float, kChunk> level, drift, least;
    HWY_ALIGN std::array<std::uint32_t, kChunk> nearest, products;
    HWY_ALIGN std::array<std::uint16_t, kChunk> found;
    find_levels(kernel, in, level.data(), drift.data(), products.data());
    for (std::size_t i = 0; i < kChunk; i += lanes) {
      VF distance;
      V32 cycle;
      store(decide(kernel, hn::Load(df, level.data() + i), hn::Load(df, drift.data() + i), NoNoise(),
                   distance, cycle),
            found.data() + i);
      hn::Store(distance, df, least.data() + i);
      hn::Store(cycle, d32, nearest.data() + i);
    }
    if (source)
      decide_unsure(kernel, philox, first + begin, count, level.data(), drift.data(), products.data(),
                    least.data(), nearest.data(), found.data());
    std::memcpy(codes + begin, found.data(), count * sizeof(std::uint16_t));
    if (levels) std::memcpy(levels + begin, level.data(), count * sizeof(float));
  }
}

// Word q of block 32 g + b belongs to operation 128 g + 32 q + b.
constexpr std::size_t kGroup = 128, kGroupBlocks = 32;

void Fast(const FastKernel& kernel, const std::uint64_t* inputs, std::size_t stride, std::size_t n,
          const NoiseSource& source, std::uint64_t first, std::uint16_t* codes) {
  const std::size_t lanes = hn::Lanes(d32), half = hn::Lanes(d64);
  const V32 low = hn::Set(d32, (1U << kernel.bits) - 1);
  const Philox philox(source);
  HWY_ALIGN std::array<std::uint64_t, kGroupBlocks> odd;
  for (std::size_t b = 0; b < kGroupBlocks; ++b) odd[b] = b * kOdd;
  // A part of a group reads on behind its words.
  HWY_ALIGN std::array<std::uint32_t, 2 * kGroup> words{};
  HWY_ALIGN std::array<std::uint16_t, kGroup> found;
  for (std::size_t begin = 0; begin < n;) {
    const std::uint64_t operation = first + begin, group = operation / kGroup;
    const std::size_t skipped = operation % kGroup, count = HWY_MIN(kGroup - skipped, n - begin);
    const V64 base = hn::Set(d64, source.sequence + group * kGroupBlocks * kOdd);
    for (std::size_t b = 0; b < kGroupBlocks; b += lanes) {
      philox.draw(hn::Add(base, hn::Load(d64, odd.data() + b)),
                  hn::Add(base, hn::Load(d64, odd.data() + b + half)), words.data() + b, kGroupBlocks);
    }
    const Inputs in(kernel.stored, kernel.words, inputs, stride, begin, count, kGroup);
    std::uint16_t* to = count == kGroup ? codes + begin : found.data();
    for (std::size_t i = 0; i < kGroup; i += lanes) {
      const V32 products = pack(in.products(i), in.products(i + half));
      const V32 r = hn::LoadU(d32, words.data() + skipped + i);
      const V32 slot = hn::ShiftRightSame(r, 32 - kernel.bits);
      const V32 index = hn::Or(hn::ShiftLeftSame(products, kernel.bits), slot);
      const V32 entry = gather(kernel.alias, index);
      const auto own = hn::Lt(hn::ShiftLeftSame(r, kernel.bits), hn::AndNot(low, entry));
      store(hn::IfThenElse(own, slot, hn::And(entry, low)), to + i);
    }
    if (count != kGroup) std::memcpy(codes + begin, found.data(), count * sizeof(std::uint16_t));
    begin += count;
  }
}

void Normals(const std::uint32_t* words, std::size_t n, float* to) {
  HWY_ALIGN std::array<std::uint32_t, 16> in{};
  HWY_ALIGN std::array<float, 16> out;
  const std::size_t lanes = hn::Lanes(d32);
  for (std::size_t i = 0; i < n; i += lanes) {
    const std::size_t count = HWY_MIN(lanes, n - i);
    std::memcpy(in.data(), words + i, count * sizeof(std::uint32_t));
    hn::Store(normals(hn::Load(d32, in.data())), df, out.data());
    std::memcpy(to + i, out.data(), count * sizeof(float));
  }
}

}  // namespace mavis::macro::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mavis::macro {

HWY_EXPORT(Detailed);
HWY_EXPORT(Fast);
HWY_EXPORT(Normals);

void convert_detailed(const DetailedKernel& kernel, const std::uint64_t* inputs, std::size_t stride,
                      std::size_t n, const NoiseSource* source, std::uint64_t first_operation,
                      std::uint16_t* codes, float* levels) {
  HWY_DYNAMIC_DISPATCH(Detailed)(kernel, inputs, stride, n, source, first_operation, codes, levels);
}

void convert_fast(const FastKernel& kernel, const std::uint64_t* inputs, std::size_t stride, std::size_t n,
                  const NoiseSource& source, std::uint64_t first_operation, std::uint16_t* codes) {
  HWY_DYNAMIC_DISPATCH(Fast)(kernel, inputs, stride, n, source, first_operation, codes);
}

void normals_of(const std::uint32_t* words, std::size_t n, float* normals) {
  HWY_DYNAMIC_DISPATCH(Normals)(words, n, normals);
}

std::vector<std::string> instruction_sets() {
  hwy::SetSupportedTargetsForTest(0);
  std::vector<std::string> names;
  for (std::int64_t rest = HWY_SUPPORTED_TARGETS & HWY_TARGETS; rest != 0; rest &= rest - 1)
    names.emplace_back(hwy::TargetName(rest & -rest));
  return names;
}

void choose_instruction_set(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  for (std::int64_t rest = HWY_SUPPORTED_TARGETS & HWY_TARGETS; rest != 0; rest &= rest - 1)
    if (hwy::TargetName(rest & -rest) == name) hwy::SetSupportedTargetsForTest(rest & -rest);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace mavis::macro
#endif
