import { integrate } from "@hapax/kernels";
import { medianMs, report } from "@hapax/kernels/stopwatch";
import { absorption, concentrations, dispositionOf, dosesByHour, estimate, wu2012, type Disposition } from "./sirolimus-wu2012.ts";

const doses = dosesByHour([{ doseMg: 4, everyH: 24, count: 28 }], 28 * 24);

/** The same course as differential equations: the plain reference. */
function integrated(d: Disposition): number {
  const { vm: { value: vm }, km: { value: km } } = wu2012;
  let state = Float64Array.of(0, 0, 0);
  for (let day = 0; day < 28; day++) {
    state[0] = (state[0] as number) + 4;
    state = integrate(
      (_, [gut = 0, a = 0, b = 0], out) => {
        const taken = (vm * gut) / (km + gut);
        const exchange = (d.exchange / d.central) * a - (d.exchange / d.peripheral) * b;
        out[0] = -taken;
        out[1] = taken - (d.clearance / d.central) * a - exchange;
        out[2] = exchange;
      },
      state,
      Float64Array.of(0, 24),
      { relative: 1e-8 },
    ).slice(-3);
  }
  return (1000 * (state[1] as number)) / d.central;
}

/** Four weeks of 4 mg daily, and the estimate from one level at their end. */
export function bench(): void {
  const patient = dispositionOf(30);
  const rates = absorption(doses);
  const apart = Math.abs((concentrations(rates, patient).at(-1) as number) / integrated(patient) - 1);
  report("systemic/sirolimus-wu2012", medianMs(() => concentrations(absorption(doses), patient)), "Dormand-Prince", medianMs(() => integrated(patient)), `28 days, apart by ${apart.toExponential(1)}`);
  console.log(`systemic/sirolimus-wu2012  estimate from one level ${medianMs(() => estimate(rates, 30.6, 30)).toFixed(2)} ms`);
}

if (import.meta.main) bench();
