import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from "react";

/** Where the reader is: the list of cases, or a page of one. */
export type Route =
  | { readonly place: "cases" }
  | { readonly place: "case"; readonly id: string; readonly page: string }
  | { readonly place: "nowhere"; readonly path: string };

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

/** Path and query of the address, followed as they change. */
export function useAddress(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [path = "/", query = ""] = address.split("?");
  return { path, query: new URLSearchParams(query) };
}

/** Goes to an address of the workbench; `replace` leaves no step to go back to. */
export function go(address: string, options: { replace?: boolean } = {}): void {
  if (address === location.pathname + location.search) return;
  if (options.replace === true) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  tell();
}

export function routeOf(path: string): Route {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0 || (parts[0] === "cases" && parts.length === 1)) return { place: "cases" };
  const [first, id, page = "board"] = parts;
  if (first === "case" && id !== undefined && parts.length <= 3) return { place: "case", id: decodeURIComponent(id), page };
  return { place: "nowhere", path };
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; children: ReactNode };

/** A link inside the workbench: no reload, and still a link for a new tab. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
