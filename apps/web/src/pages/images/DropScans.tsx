import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type DragEvent, type ReactNode } from "react";
import type { HapaxError } from "@hapax/base";
import { Problem } from "../../components/Problem.tsx";
import { useCase } from "../../state/CaseState.tsx";
import { chosenFiles, droppedFiles, type DroppedFile } from "./dropped-files.ts";
import { Problems } from "./Problems.tsx";
import { ChoosePatient } from "./ChoosePatient.tsx";
import { addScans, type Added, type OfSeveral } from "./add-scans.ts";
import { Uploading, type UploadState } from "./Uploading.tsx";
import { asProblem } from "./use-door.ts";

const Files = createContext<{ choose(): void }>({ choose: () => undefined });
/** What opens the choice of a folder, anywhere on the page. */
export const useScanFiles = () => use(Files);

interface Props {
  /** Called when scans were added to the open case. */
  readonly added: () => void;
  readonly children: ReactNode;
}

/** Takes a folder, files or a zip of DICOM that is dropped or chosen, and adds it to the open case. */
export function DropScans({ added, children }: Props) {
  const { id, reload } = useCase();
  const [over, setOver] = useState(false);
  const [upload, setUpload] = useState<UploadState>();
  const [problem, setProblem] = useState<HapaxError>();
  const [result, setResult] = useState<Added>();
  const [several, setSeveral] = useState<OfSeveral>();
  const stop = useRef<AbortController>(undefined);
  const folder = useRef<HTMLInputElement>(null);

  const taking = useCallback(
    async (answering: Promise<Added | OfSeveral>) => {
      setProblem(undefined);
      setResult(undefined);
      setSeveral(undefined);
      try {
        const answer = await answering;
        if ("take" in answer) {
          setSeveral(answer);
        } else {
          setResult(answer);
          reload();
          added();
        }
      } catch (error) {
        if (stop.current?.signal.aborted !== true) setProblem(asProblem(error));
      }
      setUpload(undefined);
    },
    [reload, added],
  );
  const take = useCallback(
    (read: () => Promise<readonly DroppedFile[]>) => {
      const control = new AbortController();
      stop.current = control;
      setUpload({ step: "reading the folder", bytes: 0, of: 0, began: performance.now() });
      return taking(read().then((files) => addScans(files, id, { signal: control.signal, told: setUpload })));
    },
    [id, taking],
  );
  useEffect(() => () => stop.current?.abort(), []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { dataTransfer } = event;
    void take(() => droppedFiles(dataTransfer));
  };
  const context = useMemo(() => ({ choose: () => folder.current?.click() }), []);
  return (
    <Files value={context}>
      <div
        className={over ? "images-drop over" : "images-drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          ref={folder}
          className="images-folder"
          type="file"
          hidden
          multiple
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            const chosen = chosenFiles(event.target.files);
            event.target.value = "";
            void take(async () => chosen);
          }}
        />
        {upload !== undefined && <Uploading upload={upload} cancel={() => stop.current?.abort()} />}
        {several !== undefined && <ChoosePatient of={several} taking={(answer) => void taking(answer)} discard={() => setSeveral(undefined)} />}
        {problem !== undefined && (
          <Problem problem={problem}>
            <button type="button" className="link" onClick={() => setProblem(undefined)}>
              Close
            </button>
          </Problem>
        )}
        {result !== undefined && (
          <div className="images-added" role="status">
            <p>
              {result.words}
              <button type="button" className="link" onClick={() => setResult(undefined)}>
                Close
              </button>
            </p>
            <Problems problems={result.problems} open={result.problems.length <= 3} />
          </div>
        )}
        {children}
        {over && <p className="images-over">Drop the folder, the files or the zip: they are added to this case.</p>}
      </div>
    </Files>
  );
}
