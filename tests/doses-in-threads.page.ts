import { coneDose, coneDoseWith, type ConeField, type Cones } from "@hapax/kernels";
import { openCrew } from "@hapax/kernels/crew-web";

const scatter = (n: number) => Math.abs(Math.sin(12.9898 * n + 78.233) * 43758.5453) % 1;
const size = [37, 30, 23] as const;
const values = (shift: number) => Float32Array.from({ length: 37 * 30 * 23 }, (_, n) => 0.2 + scatter(n + shift));
const field: ConeField = { size, spacingMm: [2, 2.5, 3], density: values(0), terma: values(0.3), hardTerma: values(0.6), sourceMm: [30, -400, 20], axis: [0, 1, 0] };
const directions = [[0.8, 0.5, -0.2], [-0.9, 0.3, 0.3], [0.1, 0.9, 0.4], [0.3, -0.8, 0.4], [0.2, 0.3, 0.9]];
const cones: Cones = {
  count: 5,
  directions: Float32Array.from(directions.flatMap((d) => d.map((v) => v / Math.hypot(...d)))),
  rates: Float32Array.from(directions.flatMap(() => [0.08, 0.005])),
  shares: Float32Array.from(directions.flatMap(() => [0.5, 0.3, 0.2, 0.1, -0.05, 0.05])),
  tilts: Float32Array.from(directions.map((_, c) => c / 4)),
};

/** What the crew of this page is, and how far its dose is from the plain one, of the largest dose. */
async function calculated(): Promise<{ readonly form: string; readonly threads: number; readonly apart: number }> {
  const crew = await openCrew(2);
  const [found, expected] = [await coneDoseWith(crew, field, cones), coneDose(field, cones)];
  await crew.close();
  let [apart, most] = [0, 0];
  for (let n = 0; n < expected.length; n++) {
    apart = Math.max(apart, Math.abs((found[n] as number) - (expected[n] as number)));
    most = Math.max(most, expected[n] as number);
  }
  return { form: crew.form, threads: crew.threads, apart: apart / most };
}
export type Calculated = Awaited<ReturnType<typeof calculated>>;

Object.assign(globalThis, { calculated });
