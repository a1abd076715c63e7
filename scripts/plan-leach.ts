/**
 * Plans the courses of the Leach case on its phantom and puts the plans beside the case: `npm run plans`, or with the ids of some.
 * The workbench opens with them. Run it when the engine, the machine, the templates or the phantom have changed.
 */
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../apps/cli/src/index.ts";

const root = join(import.meta.dirname, "..");
const home = join(root, "cases/leach2025/plans");

interface Course {
  readonly id: string;
  readonly name: string;
  readonly template: string;
  readonly study: string;
  readonly more?: readonly string[];
  /** Reckons with the definitive course. The report gives no interval, so nothing is taken as recovered. */
  readonly second?: true;
}

const courses: readonly Course[] = [
  { id: "imrt-54-66", name: "IMRT 54 and 66 Gy in 30", template: "neck-two-levels-30", study: "phantom-t3" },
  ...["54", "60", "70"].map((cord): Course => ({
    id: `reirradiation-60-20-cord-${cord}`, name: `Re-irradiation 60 Gy in 20, cord at most ${cord} Gy EQD2 in sum`, template: "reirradiation-20", study: "phantom-t4", more: ["--option", `cord=${cord}`], second: true,
  })),
  { id: "palliative-20-5", name: "Palliative 20 Gy in 5, open fields", template: "chest-palliative-5", study: "phantom-t5", second: true },
  { id: "stereotactic-60-8", name: "Stereotactic 60 Gy in 8: would it be feasible?", template: "sbrt-8", study: "phantom-t4" },
];

const asked = process.argv.slice(2);
const isAsked = (id: string) => asked.length === 0 || asked.includes(id);
const out = await mkdtemp(join(tmpdir(), "hapax-plans-"));
const hapax = async (...words: string[]) => {
  const code = await main(words, { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text), root, cwd: root, terminal: process.stderr.isTTY === true });
  if (code !== 0) throw new Error(`hapax ${words.join(" ")} ended with ${code}.`);
};
try {
  await mkdir(home, { recursive: true });
  const first = join(out, "imrt-54-66");
  const wanted = courses.filter(({ id }) => isAsked(id));
  if (!isAsked("imrt-54-66") && wanted.some(({ second }) => second === true)) {
    await hapax("plan", "cases/leach2025", "--plan", join(home, "imrt-54-66.json"), "--study", "phantom-t3", "--out", first);
  }
  for (const { id, name, template, study, more = [], second } of wanted) {
    await hapax("plan", "cases/leach2025", "--template", template, "--study", study, "--id", id, "--name", name, "--out", join(out, id), ...more, ...(second === true ? ["--earlier", `${join(first, "RTDOSE.dcm")}=30`] : []));
    await copyFile(join(out, id, "plan.json"), join(home, `${id}.json`));
  }
} finally {
  await rm(out, { recursive: true, force: true });
}
