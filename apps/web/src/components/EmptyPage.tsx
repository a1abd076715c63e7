import type { ReactNode } from "react";
import { Link } from "../router.tsx";
import { useCase } from "../state/CaseState.tsx";
import "./EmptyPage.css";

interface Props {
  readonly name: string;
  /** What is not there yet, in few words. */
  readonly lacks: string;
  /** What belongs on this page. */
  readonly children: ReactNode;
  /** What the one action is called. */
  readonly action: string;
}

/** A page before the record has anything for it: what belongs here, and the one thing to do. */
export function EmptyPage({ name, lacks, children, action }: Props) {
  const { href } = useCase();
  return (
    <>
      <div className="page-head">
        <h1>{name}</h1>
        <p>{lacks}</p>
      </div>
      <p className="empty-page">
        {children} <Link href={href("record")}>{action}</Link>
      </p>
    </>
  );
}
