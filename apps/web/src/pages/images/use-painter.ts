import { useEffect, useState } from "react";
import { planeRenderer } from "@hapax/figures/webgl";
import { paintOnCard, paintOnCpu, type Painter } from "./painter.ts";

/** The graphics card where there is one that is no program, the CPU otherwise. */
export function usePainter(): Painter {
  const [painter, setPainter] = useState<{ paint: Painter }>({ paint: paintOnCpu });
  useEffect(() => {
    if (typeof OffscreenCanvas === "undefined") return undefined;
    let card: ReturnType<typeof planeRenderer>;
    try {
      card = planeRenderer(new OffscreenCanvas(1, 1));
    } catch {
      return undefined;
    }
    if (card === undefined) return undefined;
    if (card.hardware.software) return card.close();
    setPainter({ paint: paintOnCard(card) });
    return () => card.close();
  }, []);
  return painter.paint;
}
