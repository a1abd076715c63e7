/** A file with its path inside what was dropped. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** Every file of what was dropped, folders and folders within them; hidden files are left out. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // The entries must be asked for before the first await: a drop forgets them afterwards.
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: DroppedFile[] = [];
  for (const { entry, file } of entries) {
    if (entry !== null) await walk(entry, found);
    else if (file !== null) found.push({ path: file.name, file });
  }
  return found;
}

/** Every file of a chosen folder or of chosen files. */
export function chosenFiles(list: FileList | null): DroppedFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(({ path }) => !isHidden(path));
}

const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));

async function walk(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, "");
  if (isHidden(path)) return;
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}

/** True for what a case is exported as, which goes another way than scans. */
export async function isCaseFile(files: readonly DroppedFile[]): Promise<boolean> {
  const [only] = files;
  if (files.length !== 1 || only === undefined) return false;
  if (/\.json$/i.test(only.path)) return true;
  return isZip(only.path) && (await holdsCase(only.file));
}

export const isZip = (path: string): boolean => /\.zip$/i.test(path);

/** A zip names its files at its end; a bundle has a case.json among them. */
async function holdsCase(file: File): Promise<boolean> {
  const end = await file.slice(Math.max(0, file.size - 4_000_000)).arrayBuffer();
  return new TextDecoder("latin1").decode(end).includes("case.json");
}
