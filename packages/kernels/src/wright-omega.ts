/**
 * Wright's omega of a real number: the w > 0 with w + ln w = y. It is Lambert's W of e^y without the overflow, and
 * solves elimination by Michaelis-Menten in closed form: A(t) = Km ω(ln(A₀/Km) + (A₀ − Vm t)/Km).
 *
 * @param y  any real number
 * @returns  w, relative error below 1e-14; 0 where e^y underflows
 */
export function wrightOmega(y: number): number {
  if (y < -36) return Math.exp(y);
  let w = y > 1 ? y - Math.log(y) : Math.exp(y < -1 ? y : (y - 1) / 2);
  // Halley's step on f(w) = w + ln w − y: cubic convergence, three or four steps from either start.
  for (let i = 0; i < 12; i++) {
    const f = w + Math.log(w) - y;
    const slope = 1 + 1 / w;
    const move = f / (slope + f / (2 * w * w * slope));
    w = Math.max(w - move, w / 10);
    if (Math.abs(move) <= 1e-15 * w) break;
  }
  return w;
}
