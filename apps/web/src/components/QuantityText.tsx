import { show, type Quantity } from "@hapax/base";
import { Unknown } from "./Unknown.tsx";

/** A quantity as it was reported, or the dashed box. */
export function QuantityText({ quantity, unknown }: { readonly quantity: Quantity | undefined; readonly unknown?: string }) {
  return quantity === undefined ? <Unknown>{unknown ?? "not recorded"}</Unknown> : <span className="amount">{show(quantity)}</span>;
}
