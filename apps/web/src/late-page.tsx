import { lazy, useState, type ComponentType } from "react";
import { HapaxError } from "@hapax/base";

/** A page whose code is a file of its own, and what brings it. */
export interface LatePage {
  readonly Page: ComponentType;
  /** Brings the code before the page is asked for; one that cannot be had says so when it is drawn. */
  readonly fetch: () => Promise<void>;
}

/** A page that comes when it is asked for. */
export function latePage(load: () => Promise<ComponentType>): LatePage {
  let there: ComponentType | undefined;
  const bring = async () => (there ??= await load());
  const Coming = lazy(async () => {
    try {
      return { default: await bring() };
    } catch {
      throw new HapaxError("web/page-away", "The code of this page could not be had.", "See that the server of Hapax runs, then reload this page.");
    }
  });
  /** Kept from the first drawing to the last: a page that changed its component would forget what it shows. */
  const Page = () => {
    const [Shown] = useState((): ComponentType => there ?? Coming);
    return <Shown />;
  };
  return { Page, fetch: () => bring().then(() => undefined, () => undefined) };
}
