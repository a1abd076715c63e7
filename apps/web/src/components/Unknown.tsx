/** What stands where nothing is known: never a blank, a dash or a zero. */
export function Unknown({ children = "not recorded" }: { readonly children?: React.ReactNode }) {
  return <span className="unknown">{children}</span>;
}
