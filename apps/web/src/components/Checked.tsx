import { checkedWords } from "@hapax/evidence";

/** Whether a source was read; what was not stands on a dotted line. */
export function Checked({ checked }: { readonly checked: keyof typeof checkedWords }) {
  return <span className={checked === "read" ? undefined : "unverified"}>{checkedWords[checked]}</span>;
}
