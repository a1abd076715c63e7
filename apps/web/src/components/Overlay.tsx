import { useEffect, useRef, type ReactNode } from "react";
import "./Overlay.css";

/** A sheet over the page for keys and finding; never for a finding's reasons, which open in place. */
export function Overlay({ name, close, children }: { readonly name: string; readonly close: () => void; readonly children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className="overlay" aria-label={name} onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div className="overlay-sheet">{children}</div>
    </dialog>
  );
}
