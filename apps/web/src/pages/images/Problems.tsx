import type { ToldProblem } from "./scan-summary.ts";

/** Every problem of the files, in words: the same words once, with how often. */
export function Problems({ problems, open = false }: { readonly problems: readonly ToldProblem[]; readonly open?: boolean }) {
  if (problems.length === 0) return null;
  return (
    <details className="images-problems" open={open}>
      <summary>{problems.length === 1 ? "One file is not as the standard has it" : `${problems.length} files are not as the standard has them`}</summary>
      <ul>
        {problems.map((problem, i) => (
          <li key={i}>
            <code>{problem.code}</code> {problem.what} <span className="soft">{problem.remedy}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
