/// Discharge curves and fields of other codes. Numbers retyped from the curves named at each table.
#include <cmath>
#include <cstdio>

#include "solver/simulation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sample_cells.hpp"

using namespace porelith;

namespace {

struct Point {
  double t, V;
};

// PyBaMM 26.8 (BSD-3), DFN with 200 volumes a domain and 300 a particle, rtol = atol = 1e-8; discretisation below 0.1
// mV.
const std::vector<Point> marquis_1C{
    {1.003116, 3.76943794},    {2.058220, 3.76841726},    {5.229562, 3.76614854},    {10.130579, 3.76350091},
    {20.477169, 3.75931014},   {40.745118, 3.75366036},   {81.346587, 3.74638529},   {141.828585, 3.73844511},
    {301.927990, 3.72062935},  {503.534649, 3.70125325},  {744.276718, 3.68156435},  {1005.179453, 3.66361100},
    {1307.589440, 3.64630343}, {1608.813507, 3.62770276}, {1909.404931, 3.60724044}, {2191.100974, 3.59801298},
    {2492.325040, 3.59022853}, {2794.735028, 3.58023287}, {2995.155765, 3.57055159}, {3196.762424, 3.55106815},
    {3356.861829, 3.51257387}, {3457.665159, 3.44992645}, {3497.986490, 3.40304596}, {3538.307822, 3.33514127},
    {3571.513625, 3.25760315}, {3598.789820, 3.17486072}, {3602.347584, 3.16258610}, {3617.764564, 3.10500000}};
const std::vector<Point> chen_1C{
    {1.003116, 4.02268323},    {2.058220, 4.01602675},    {5.268362, 4.00282267},    {10.228344, 3.98937808},
    {19.857979, 3.97235003},   {39.568489, 3.95336466},   {79.806205, 3.93919493},   {159.031025, 3.92872388},
    {296.509389, 3.89850342},  {494.571439, 3.84116117},  {750.887033, 3.78030472},  {1008.367698, 3.71725837},
    {1304.295702, 3.62839736}, {1600.223707, 3.55058226}, {1896.151711, 3.49448231}, {2193.244786, 3.43814762},
    {2508.978995, 3.36577751}, {2804.906999, 3.28532853}, {3002.969049, 3.22427975}, {3199.866028, 3.09761019},
    {3358.315668, 2.94186763}, {3457.346693, 2.79948591}, {3498.124174, 2.70390509}, {3540.066726, 2.56439577},
    {3555.212647, 2.50000000}};
// COMSOL Multiphysics P2D of the same Marquis2019 cell, curves shipped with PyBaMM (BSD-3); 2 to 3 mV near the end.
const std::vector<Point> comsol_1C{
    {217.0854, 3.729680},  {434.1709, 3.707510},  {651.2563, 3.688785},  {868.3417, 3.672598},  {1085.4271, 3.658717},
    {1302.5126, 3.646550}, {1519.5980, 3.634222}, {1736.6834, 3.617017}, {1953.7688, 3.605393}, {2170.8543, 3.598499},
    {2387.9397, 3.593069}, {2605.0251, 3.586815}, {2822.1106, 3.579133}, {3039.1960, 3.567550}, {3256.2814, 3.540759},
    {3473.3668, 3.432304}, {3600.0000, 3.168186}};
const std::vector<Point> comsol_C10{{2170.8543, 3.814724},  {4341.7085, 3.791974},  {6512.5628, 3.772792},
                                    {8683.4171, 3.757870},  {10854.2714, 3.746045}, {13025.1256, 3.736717},
                                    {15195.9799, 3.728105}, {17366.8342, 3.713831}, {19537.6884, 3.695644},
                                    {21708.5427, 3.687119}, {23879.3970, 3.682581}, {26050.2513, 3.679333},
                                    {28221.1055, 3.677137}, {30391.9598, 3.674025}, {32562.8141, 3.663139},
                                    {34733.6683, 3.601151}, {36000.0000, 3.449937}};

struct Profile3 {
  double x, c_e, phi_e;  ///< [um], [mol m-3], [V]
};
struct Surface {
  double x, c_ss;  ///< [um], [mol m-3]
};
struct Fields {
  double t;
  std::vector<Profile3> electrolyte;
  std::vector<Surface> surface;
};
// The same COMSOL run at 1C.
const std::vector<Fields> comsol_fields{{723.6180904523,
                                         {{0.0000, 1146.9941, -0.1803780},
                                          {24.0741, 1140.7271, -0.1807768},
                                          {48.1481, 1120.7092, -0.1820628},
                                          {72.2222, 1082.8426, -0.1845499},
                                          {92.5926, 1031.7205, -0.1880314},
                                          {112.5000, 1001.8726, -0.1901371},
                                          {132.4074, 972.3516, -0.1922748},
                                          {160.1852, 905.2368, -0.1973730},
                                          {187.9630, 863.9891, -0.2006872},
                                          {225.0000, 844.5640, -0.2023008}},
                                         {{0.0000, 17853.173},
                                          {25.3968, 17604.088},
                                          {50.7937, 16761.258},
                                          {76.1905, 14999.991},
                                          {100.0000, 13151.881},
                                          {125.0000, 35118.672},
                                          {150.3968, 34807.631},
                                          {175.7937, 34597.640},
                                          {201.1905, 34477.991},
                                          {225.0000, 34444.012}}},
                                        {1447.2361809045,
                                         {{0.0000, 1214.1617, -0.1855650},
                                          {24.0741, 1197.4974, -0.1865722},
                                          {48.1481, 1149.1931, -0.1895617},
                                          {72.2222, 1081.1536, -0.1939687},
                                          {92.5926, 1017.3914, -0.1983357},
                                          {112.5000, 986.9545, -0.2005106},
                                          {132.4074, 957.7251, -0.2026571},
                                          {160.1852, 891.5155, -0.2077588},
                                          {187.9630, 850.9774, -0.2110632},
                                          {225.0000, 831.9229, -0.2126690}},
                                         {{0.0000, 14503.805},
                                          {25.3968, 13933.652},
                                          {50.7937, 13076.357},
                                          {76.1905, 12633.501},
                                          {100.0000, 12314.272},
                                          {125.0000, 39111.245},
                                          {150.3968, 38528.906},
                                          {175.7937, 38141.657},
                                          {201.1905, 37923.097},
                                          {225.0000, 37861.251}}},
                                        {2894.4723618090,
                                         {{0.0000, 1183.4824, -0.2197463},
                                          {24.0741, 1173.5869, -0.2203611},
                                          {48.1481, 1141.7265, -0.2223693},
                                          {72.2222, 1084.6499, -0.2260878},
                                          {92.5926, 1023.4458, -0.2302743},
                                          {112.5000, 993.1469, -0.2324324},
                                          {132.4074, 963.7749, -0.2345805},
                                          {160.1852, 896.2429, -0.2397656},
                                          {187.9630, 854.5597, -0.2431555},
                                          {225.0000, 834.9286, -0.2448077}},
                                         {{0.0000, 8740.107},
                                          {25.3968, 8392.295},
                                          {50.7937, 7214.515},
                                          {76.1905, 6172.709},
                                          {100.0000, 5687.464},
                                          {125.0000, 47010.392},
                                          {150.3968, 45995.386},
                                          {175.7937, 45242.456},
                                          {201.1905, 44805.529},
                                          {225.0000, 44680.779}}}};

/// Third-order interpolation of y(x) at q; x increases.
double interpolate(const std::vector<double>& x, const std::vector<double>& y, double q) {
  const int n = static_cast<int>(x.size());
  int i = static_cast<int>(std::lower_bound(x.begin(), x.end(), q) - x.begin()) - 2;
  i = std::max(0, std::min(i, n - 4));
  double sum = 0;
  for (int a = i; a < i + 4; ++a) {
    double w = y[a];
    for (int b = i; b < i + 4; ++b)
      if (b != a) w *= (q - x[b]) / (x[a] - x[b]);
    sum += w;
  }
  return sum;
}

struct Deviation {
  double rms = 0, worst = 0;
};

Deviation deviation(const Results& r, const std::vector<Point>& reference) {
  std::vector<double> t, V;
  for (const CurveRow& row : r.curve) t.push_back(row.time), V.push_back(row.voltage());
  Deviation d;
  int n = 0;
  for (const Point& p : reference) {
    if (p.t < 1 || p.t > t.back()) continue;
    const double e = std::abs(interpolate(t, V, p.t) - p.V);
    d.rms += e * e;
    d.worst = std::max(d.worst, e);
    ++n;
  }
  d.rms = std::sqrt(d.rms / n);
  return d;
}

Case marquis(double rate) {
  Case c = shipped_case("kokam_marquis2019");
  c.initial = {};
  c.initial.sto_negative = 19986.609595075 / 24983.2619938437;
  c.initial.sto_positive = 30730.7554385565 / 51217.9257309275;
  c.protocol = {at_rate(*c.cell, rate)};
  return c;
}

Case chen() {
  Case c = shipped_case("lgm50_chen2020");
  c.initial = {};
  c.initial.sto_negative = 29866.0 / 33133.0;
  c.initial.sto_positive = 17038.0 / 63104.0;
  c.protocol = {at_rate(*c.cell, 1)};
  return c;
}

void check(const char* name, Case c, const std::vector<Point>& reference, double rms, double worst) {
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  const Deviation d = deviation(r, reference);
  std::printf("  %-34s %zu points: RMS %.3f mV, worst %.3f mV; end %.3f s (reference %.3f s), %ld steps, %.1f ms\n",
              name, reference.size(), 1e3 * d.rms, 1e3 * d.worst, r.curve.back().time, reference.back().t,
              r.counts.steps, 1e3 * r.seconds);
  CHECK(d.rms <= rms);
  CHECK(d.worst <= worst);
}

}  // namespace

TEST_CASE("on fine meshes 1C discharges agree with PyBaMM's converged curves to 0.3 mV RMS, 1 mV at worst") {
  for (bool is_chen : {false, true}) {
    Case c = is_chen ? chen() : marquis(1);
    set_mesh(c, 100, 50, 60);
    c.mesh.shell_grading = 100;
    c.solver.rtol = 1e-6;
    check(is_chen ? "Chen2020 1C, 100/50/100 x 60" : "Marquis2019 1C, 100/50/100 x 60", c,
          is_chen ? chen_1C : marquis_1C, 0.3e-3, 1e-3);
  }
}

TEST_CASE("20/20/20 cells and 15 or 20 shells are within 1.3 mV of the converged curves") {
  for (int shells : {15, 20})
    for (bool is_chen : {false, true}) {
      Case c = is_chen ? chen() : marquis(1);
      set_mesh(c, 20, 20, shells);
      check(fmt::format("{} 1C, 20/20/20 x {}", is_chen ? "Chen2020" : "Marquis2019", shells).c_str(), c,
            is_chen ? chen_1C : marquis_1C, 1.3e-3, 1.3e-3);
    }
}

TEST_CASE("the Marquis2019 cell agrees with COMSOL within COMSOL's own 3 mV") {
  for (bool slow : {false, true}) {
    Case c = marquis(slow ? 0.1 : 1);
    set_mesh(c, 40, 20, 20);
    c.solver.rtol = 1e-6;
    c.protocol[0].stops = {{Quantity::time, slow ? 36000.0 : 3600.0}};
    check(slow ? "COMSOL C/10" : "COMSOL 1C", c, slow ? comsol_C10 : comsol_1C, 3e-3, 3e-3);
  }
}

TEST_CASE("concentrations and potentials through depth agree with COMSOL within 0.5 %") {
  Case c = marquis(1);
  set_mesh(c, 60, 30, 20);
  c.solver.rtol = 1e-6;
  c.output.max_snapshots = 100000;
  c.protocol.clear();
  double before = 0;
  for (const Fields& f : comsol_fields) {
    c.protocol.push_back(at_rate(*c.cell, 1));
    c.protocol.back().stops = {{Quantity::time, f.t - before}};
    before = f.t;
  }
  const Results r = simulate(c);
  REQUIRE(r.status == "complete");
  std::vector<double> x;
  for (const auto& centre : r.mesh.centre) x.push_back(1e6 * centre[0]);
  for (const Fields& f : comsol_fields) {
    const Snapshot* s = nullptr;
    for (const Snapshot& candidate : r.snapshots)
      if (std::abs(candidate.time - f.t) < 1e-6) s = &candidate;
    REQUIRE(s);
    double worst_c = 0, worst_phi = 0, worst_surface = 0;
    for (const Profile3& p : f.electrolyte) {
      worst_c = std::max(worst_c, std::abs(interpolate(x, s->c_e, p.x) / p.c_e - 1));
      worst_phi = std::max(worst_phi, std::abs(interpolate(x, s->phi_e, p.x) / p.phi_e - 1));
    }
    for (std::size_t b = 0; b < r.beds.size(); ++b) {
      std::vector<double> depth;
      for (int P : r.beds[b].cells) depth.push_back(x[P]);
      for (const Surface& p : f.surface)
        if ((p.x < 112) == (b == 0))
          worst_surface = std::max(worst_surface, std::abs(interpolate(depth, s->c_ss[b], p.x) / p.c_ss - 1));
    }
    std::printf("  t = %6.1f s: c_e within %.3f %%, phi_e %.3f %%, c_ss %.3f %%\n", f.t, 100 * worst_c, 100 * worst_phi,
                100 * worst_surface);
    CHECK(worst_c < 0.005);
    CHECK(worst_phi < 0.005);
    CHECK(worst_surface < 0.005);
  }
}
