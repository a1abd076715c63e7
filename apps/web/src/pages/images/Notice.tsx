import type { ReactNode } from "react";

/** What a reader must know of a study before trusting its picture. */
export function Notice({ children }: { readonly children: ReactNode }) {
  return <p className="images-notice">{children}</p>;
}
