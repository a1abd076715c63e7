import type { MouseEvent, ReactNode } from "react";
import { keyOf, type Finding } from "@hapax/case";
import { go, useAddress } from "../router.tsx";

interface Props {
  readonly to: Pick<Finding, "rule" | "subject">;
  readonly className?: string;
  /** Heads a row that J and K stop at. */
  readonly row?: boolean;
  readonly children: ReactNode;
}

/** Opens the card of a finding further down the same page and goes to it. */
export function CardLink({ to, className, row, children }: Props) {
  const { path, query } = useAddress();
  const key = keyOf(to);
  const open = new URLSearchParams(query);
  if (!open.getAll("open").includes(key)) open.append("open", key);
  const address = `${path}?${open}`;
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(address, { replace: true });
    // The card grows first; only then is its place known.
    requestAnimationFrame(() => {
      const card = document.querySelector(`main [data-finding="${CSS.escape(key)}"]`);
      card?.scrollIntoView({ block: "center" });
      card?.querySelector("button")?.focus({ preventScroll: true });
    });
  };
  return (
    <a href={address} className={className} onClick={follow} data-row={row === true ? "" : undefined}>
      {children}
    </a>
  );
}
