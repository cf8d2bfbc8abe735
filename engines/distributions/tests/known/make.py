"""Writes known.csv: values of the distributions to 20 digits, by mpmath at 60 digits; never by the engine itself.

    python3 -m venv v && v/bin/pip install mpmath==1.4.1 && v/bin/python make.py

Each row: function, up to three arguments (as the double-precision numbers they are), value.
"""

import pathlib
import random

from mpmath import betainc, binomial, erfc, erfinv, exp, findroot, gammainc, inf, log, loggamma, mp, mpf, nstr, quad, sqrt

mp.dps = 60
random.seed(20090401)
rows = []


def add(name, arguments, value):
    cells = [repr(float(a)) for a in arguments] + [""] * (3 - len(arguments))
    rows.append(",".join([name, *cells, nstr(value, 20, min_fixed=1, max_fixed=0)]))


def area(ln_density, start, end, width):
    """The area under a density whose logarithm is given, in pieces of `width`, until nothing is left."""
    # Beside the density at the start, because quad judges its error in absolute terms.
    first = ln_density(start)
    total, at = mpf(0), start
    step = width if end > start else -width
    for _ in range(4000):
        to = at + step
        if (step > 0 and to > end) or (step < 0 and to < end):
            to = end
        piece = abs(quad(lambda t: exp(ln_density(t) - first), [at, to], method="gauss-legendre"))
        total += piece
        if piece < total * mpf(10) ** -30 or to == end:
            return total * exp(first)
        at = to
    raise ValueError("no end")


def gamma_tails(a, x):
    a, x = mpf(a), mpf(x)
    if a < 3000:
        return gammainc(a, 0, x, regularized=True), gammainc(a, x, inf, regularized=True)
    ln_density = lambda t: (a - 1) * log(t) - t - loggamma(a)
    if x < a:
        lower = area(ln_density, x, mpf(0), sqrt(a) / 2)
        return lower, 1 - lower
    upper = area(ln_density, x, inf, sqrt(a) / 2)
    return 1 - upper, upper


def beta_tails(a, b, x):
    a, b, x = mpf(a), mpf(b), mpf(x)
    if max(a, b) < 500 or min(a, b) < 20:
        # 400 digits, because a small tail is what is left of one.
        with mp.workdps(400):
            return betainc(a, b, 0, x, regularized=True), betainc(a, b, x, 1, regularized=True)
    ln_beta = loggamma(a) + loggamma(b) - loggamma(a + b)
    ln_density = lambda t: (a - 1) * log(t) + (b - 1) * log(1 - t) - ln_beta
    width = sqrt(a * b / (a + b + 1)) / (a + b) / 2
    if x < a / (a + b):
        lower = area(ln_density, x, mpf(0), width)
        return lower, 1 - lower
    upper = area(ln_density, x, mpf(1), width)
    return 1 - upper, upper


def newton(tail, slope, wanted, w):
    """Where a tail, as a function of the logarithm of its argument, has a wanted value."""
    for _ in range(500):
        at = tail(w)
        step = (log(wanted) - log(at)) * at / slope(w)
        w += max(min(step, 20), -20)
        if abs(step) < mpf(10) ** -35:
            return w
    raise ValueError("no root")


for x in [-38.0, -20.5, -8.1, -3.3, -1.0, -1e-9, 0.0, 0.4, 1.959963984540054, 5.7, 12.0]:
    add("normal_cdf", [x], erfc(-mpf(x) / sqrt(2)) / 2)
for p in [1e-300, 1e-40, 1e-10, 0.0005, 0.01, 0.0749, 0.0751, 0.2, 0.4999, 0.75, 0.975, 0.999]:
    guess = -sqrt(2) * erfinv(1 - 2 * mpf(p)) if p > 1e-15 else -sqrt(-2 * log(mpf(p)))
    add("normal_quantile", [p], findroot(lambda z: log(erfc(-z / sqrt(2)) / 2) - log(mpf(p)), guess))

shapes = [0.01, 0.1, 0.5, 1.0, 1.7, 4.5, 10.0, 33.3, 150.0, 1999.0, 2001.0, 12345.6, 1e6, 1e9, 1e12]
for a in shapes:
    for distance in [-30, -8, -3, -1, -0.05, 0, 0.7, 2.5, 7, 25]:
        x = a + distance * a**0.5 if a > 100 else a * 2.0**distance
        if x <= 0 or x < 1e-200:
            continue
        lower, upper = gamma_tails(a, x)
        if min(lower, upper) > mpf(10) ** -290:
            add("gamma_cdf", [a, x], lower)
            add("gamma_survival", [a, x], upper)

pairs = [(0.01, 0.5), (0.5, 0.5), (0.5, 20.0), (1.0, 1.0), (1.0, 1e6), (2.5, 1.3), (8.0, 10.0), (30.0, 2.0), (100.0, 300.0),
         (1500.0, 1.5), (1900.0, 2600.0), (2100.0, 2600.0), (3.0, 1e5), (5e4, 7e3), (1e6, 3e6), (2e9, 5e8), (2500.0, 1e10), (1e12, 1e12)]
for a, b in pairs:
    mean = a / (a + b)
    deviation = (a * b / (a + b + 1)) ** 0.5 / (a + b)
    for distance in [-15, -4, -1.5, -0.2, 0, 0.6, 2, 5, 20]:
        x = mean + distance * deviation
        if not 0 < x < 1:
            continue
        lower, upper = beta_tails(a, b, x)
        if min(lower, upper) > mpf(10) ** -290:
            add("beta_cdf", [a, b, x], lower)
            add("beta_survival", [a, b, x], upper)

for freedom in [0.1, 1.0, 2.0, 3.0, 20.0, 22.0, 201.0, 3000.0, 1e5]:
    for p in [1e-12, 0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999]:
        a = mpf(freedom) / 2
        p_exact = mpf(p)
        start = (log(p_exact) + loggamma(a + 1)) / a if p < 0.2 or freedom < 1 else log(a)
        weight = lambda w: exp(a * w - exp(w) - loggamma(a))
        w = newton(lambda w: gamma_tails(a, exp(w))[0], weight, p_exact, start)
        add("chi_square_quantile", [p, freedom], 2 * exp(w))

for freedom in [0.5, 1.0, 2.0, 3.0, 7.5, 30.0, 240.0, 5000.0]:
    for t in [-1e8, -40.0, -3.0, -0.5, 1e-6, 1.1, 2.2, 9.0]:
        if freedom > 3000 and abs(t) > 60:
            continue
        x = freedom / (freedom + mpf(t) ** 2)
        # Beyond 1,000 degrees by quadrature of the density itself.
        if freedom < 3000:
            outside = betainc(mpf(freedom) / 2, mpf(1) / 2, 0, x, regularized=True) / 2
        else:
            v = mpf(freedom)
            scale = loggamma((v + 1) / 2) - loggamma(v / 2) - log(v * mp.pi) / 2
            outside = area(lambda s: scale - (v + 1) / 2 * log(1 + s * s / v), abs(mpf(t)), inf, mpf(1) / 2)
        if outside > mpf(10) ** -290:
            add("student_t_cdf", [t, freedom], outside if t < 0 else 1 - outside)
    for p in [1e-9, 0.001, 0.025, 0.2, 0.4999, 0.6, 0.975, 0.9995]:
        tail = min(mpf(p), 1 - mpf(p))
        if freedom < 3000:
            v = mpf(freedom)
            outside = lambda w: betainc(v / 2, mpf(1) / 2, 0, 1 / (1 + exp(2 * w) / v), regularized=True) / 2
            scale = loggamma((v + 1) / 2) - loggamma(v / 2) - log(v * mp.pi) / 2
            slope = lambda w: -exp(w + scale - (v + 1) / 2 * log(1 + exp(2 * w) / v))
            t = exp(newton(outside, slope, tail, mpf(0)))
            add("student_t_quantile", [p, freedom], -t if p < 0.5 else t)

for n, chance in [(1, 0.3), (10, 0.5), (57, 0.02), (300, 0.87), (2000, 0.5), (2000, 0.001)]:
    p, q = mpf(chance), 1 - mpf(chance)
    for k in sorted({0, n // 10, int(n * chance), min(n - 1, int(n * chance) + 3), (9 * n) // 10}):
        add("binomial_cdf", [k, n, chance], sum(binomial(n, i) * p**i * q ** (n - i) for i in range(k + 1)))
        add("binomial_mass", [k, n, chance], binomial(n, k) * p**k * q ** (n - k))
for mean in [0.001, 0.7, 5.0, 80.0, 1500.0]:
    for k in sorted({0, int(mean / 2), int(mean), int(mean + 3 * mean**0.5)}):
        m = mpf(mean)
        add("poisson_cdf", [k, mean], exp(-m) * sum(m**i / mp.factorial(i) for i in range(k + 1)))
        add("poisson_mass", [k, mean], exp(-m) * m**k / mp.factorial(k))

text = "function,a,b,c,value\n" + "\n".join(rows) + "\n"
(pathlib.Path(__file__).parent / "known.csv").write_text(text)
print(len(rows), "rows")
