import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/**
 * Width of an element as it is laid out, px.
 *
 * @param before  what is taken until it has been laid out
 */
export function useWidth<T extends HTMLElement>(before: number): [ref: RefObject<T | null>, width: number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
