import { Component, Suspense, useEffect, type ReactNode } from "react";
import { HapaxError } from "@hapax/base";
import { CaseFrame, Shell } from "./components/Frame.tsx";
import { Problem } from "./components/Problem.tsx";
import { Waiting } from "./components/Waiting.tsx";
import { fetchPages, pageOfRule, pages } from "./pages.ts";
import { Cases } from "./pages/Cases.tsx";
import { go, Link, routeOf, useAddress } from "./router.tsx";
import { CaseProvider, useCase } from "./state/CaseState.tsx";

/** The workbench: the list of cases, or one page of an open case. */
export function App() {
  const { path } = useAddress();
  const route = routeOf(path);
  const page = route.place === "case" ? pages.find((p) => p.slug === route.page) : undefined;
  // The code of a page and the record that it shows come at the same time.
  useEffect(() => void page?.fetch?.(), [page]);
  if (route.place === "cases") return <Cases />;
  if (route.place !== "case" || page === undefined) {
    return (
      <Apart name="Not found">
        <Problem problem={new HapaxError("web/address", `Nothing is at ${path}.`, "Choose a case from the list.")}>
          <Link href="/cases">All cases</Link>
        </Problem>
      </Apart>
    );
  }
  return (
    <CaseProvider
      key={route.id}
      id={route.id}
      homeOf={homeOf}
      meanwhile={(loading) => (
        <Apart name={route.id}>
          {loading.state === "loading" ? (
            <Waiting />
          ) : (
            <Problem problem={loading.problem}>
              {loading.undo !== undefined && (
                <button type="button" className="link" onClick={loading.undo}>
                  Undo the last change
                </button>
              )}
              <Link href="/cases">All cases</Link>
            </Problem>
          )}
        </Apart>
      )}
    >
      <CaseFrame page={page.slug}>
        <Titled page={page.name} />
        <Guard key={page.slug}>
          <Suspense fallback={<Waiting says="Opening the page" />}>
            <page.Page />
          </Suspense>
        </Guard>
      </CaseFrame>
    </CaseProvider>
  );
}

const homeOf = (rule: string): string => pageOfRule(rule)?.slug ?? "board";

/** A page outside any case. */
function Apart({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Shell
      header={<p className="frame-who frame-what">{name}</p>}
      nav={
        <ul>
          <li>
            <Link href="/cases" className="frame-page">
              <span className="frame-page-name">Cases</span>
            </Link>
          </li>
        </ul>
      }
    >
      {children}
    </Shell>
  );
}

/** The title of the window, and the page at its top when another is chosen; the other pages come when there is time. */
function Titled({ page }: { readonly page: string }) {
  const { record } = useCase();
  useEffect(() => {
    document.title = `${page}, ${record.name} – Hapax`;
  }, [page, record.name]);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
  useEffect(() => void fetchPages(), []);
  return null;
}

/** Keeps an error of one page inside that page. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    const problem =
      error instanceof HapaxError
        ? error
        : new HapaxError("web/page", `This page could not be drawn: ${error instanceof Error ? error.message : String(error)}.`, "Choose another page; the record is safe.");
    return (
      <Problem problem={problem}>
        <button type="button" className="link" onClick={() => go("/cases")}>
          All cases
        </button>
      </Problem>
    );
  }
}
