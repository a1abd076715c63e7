import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/** Width and height of an element as it is laid out, CSS px; undefined until it is, and where it has no room. */
export function useSize<T extends HTMLElement>(): [ref: RefObject<T | null>, size: { readonly width: number; readonly height: number } | undefined] {
  const ref = useRef<T>(null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = () => setSize(element.clientWidth > 0 && element.clientHeight > 0 ? { width: element.clientWidth, height: element.clientHeight } : undefined);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
