import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { HapaxError } from "@hapax/base";
import { readFile, tags } from "@hapax/dicom";
import { filesOf } from "@hapax/dicom/folder";
import { dicomWeb, type DicomWeb } from "@hapax/dicom/web";
import { writeWhole } from "@hapax/files";
import type { Session } from "./session.ts";
import { table } from "./table.ts";

interface Options {
  readonly url: string;
  readonly user?: string;
  readonly patient?: string;
}

/** Scans on a DICOMweb service: `pacs find`, `pacs get`, `pacs send`. */
export function pacs(program: Command, session: Session): void {
  const group = program.command("pacs").description("finds, gets and sends scans over DICOMweb").addHelpText("after", "\nThe password of --user is taken from HAPAX_PACS_PASSWORD, a bearer from HAPAX_PACS_TOKEN.\nExample: ./hapax pacs find --url http://127.0.0.1:8042/dicom-web --patient SYN1");
  const command = (name: string, about: string) =>
    group.command(name).description(about).requiredOption("--url <url>", "root of the service").option("--user <name>", "who signs in");

  command("find", "the studies of a service")
    .option("--patient <id>", "PatientID")
    .action(async (options: Options) => {
      const studies = await serviceOf(options).findStudies(options.patient === undefined ? {} : { PatientID: options.patient });
      session.out(table(studies.map((s) => [s.StudyInstanceUID ?? "", s.StudyDate ?? "", s.ModalitiesInStudy ?? "", s.PatientID ?? "", s.StudyDescription ?? ""])));
    });

  command("get", "the files of a study into a folder")
    .argument("<study>", "StudyInstanceUID")
    .argument("<folder>", "made when it is not there")
    .action(async (study: string, folder: string, options: Options) => {
      const service = serviceOf(options);
      const home = resolve(session.cwd, folder);
      await mkdir(home, { recursive: true });
      let count = 0;
      for (const { SeriesInstanceUID } of await service.findSeries(study)) {
        if (SeriesInstanceUID === undefined) throw new HapaxError("cli/pacs-series", `A series of ${study} came without its SeriesInstanceUID.`, "Ask whoever keeps the archive; nothing can be fetched by no name.");
        for (const bytes of await service.retrieveSeries(study, SeriesInstanceUID)) await writeWhole(join(home, nameOf(bytes, ++count)), bytes);
      }
      session.out(`${count} files in ${folder}\n`);
    });

  command("send", "a folder or a file to a service")
    .argument("<path>", "folder, zip or file")
    .action(async (path: string, options: Options) => {
      const { files } = await filesOf(resolve(session.cwd, path));
      const { stored, failed } = await serviceOf(options).store(files.map((f) => f.bytes));
      session.out(`${stored.length} files are stored\n`);
      if (failed.length > 0) session.exitCode = 2;
      session.err(table(failed.map((f) => [f.uid ?? "a file", f.why])));
    });
}

/** Secrets come from the environment: the list of processes shows arguments to everybody. */
function serviceOf({ url, user }: Options): DicomWeb {
  const { HAPAX_PACS_PASSWORD: password, HAPAX_PACS_TOKEN: bearer } = process.env;
  if (bearer !== undefined) return dicomWeb({ url, login: { bearer } });
  if (user === undefined) return dicomWeb({ url });
  if (password === undefined) throw new HapaxError("cli/password", `There is no password for ${user}.`, "Put it into the environment as HAPAX_PACS_PASSWORD.");
  return dicomWeb({ url, login: { user, password } });
}

function nameOf(bytes: Uint8Array, count: number): string {
  const uid = readFile(bytes, `file ${count}`).data.text(tags.SOPInstanceUID) ?? "";
  return `${/^[0-9.]{1,64}$/.test(uid) ? uid : `file-${count}`}.dcm`;
}
