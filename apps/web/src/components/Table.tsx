import type { ReactNode } from "react";

export interface Column<Row> {
  readonly head: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly number?: boolean;
  readonly className?: string;
}

interface Props<Row> {
  /** Said by a screen reader before the table. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly className?: string;
}

/** Rules between rows only; numbers right, text left; the first column heads its row. */
export function Table<Row>({ caption, columns, rows, keyOf, className }: Props<Row>) {
  const classOf = (column: Column<Row>) => [column.number === true ? "number" : "", column.className ?? ""].join(" ").trim() || undefined;
  return (
    <table className={className}>
      <caption className="heard">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column, i) => (
            <th key={i} scope="col" className={classOf(column)}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column, i) => (
              <td key={i} className={classOf(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
