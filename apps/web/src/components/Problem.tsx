import type { ReactNode } from "react";
import type { HapaxError } from "@hapax/base";
import { Mark } from "./Mark.tsx";
import "./Problem.css";

/** An error in its place: its code, what was met, what to do next; the rest of the page works. */
export function Problem({ problem, children }: { readonly problem: HapaxError; readonly children?: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <Mark is="not met" says="error" />
      <div>
        <p>
          <code>{problem.code}</code> {problem.what} <strong>{problem.remedy}</strong>
        </p>
        {problem.problems.length > 1 && (
          <ul>
            {problem.problems.slice(0, 12).map((one, i) => (
              <li key={i} className="small">
                {one.what} {one.remedy}
              </li>
            ))}
            {problem.problems.length > 12 && <li className="small">And {problem.problems.length - 12} more.</li>}
          </ul>
        )}
        {children !== undefined && <p className="problem-next">{children}</p>}
      </div>
    </div>
  );
}
