import type { ReactNode } from 'react';
import { cn } from '../../../_ui/class-names.ts';

/** A column of a plain table. */
export interface TableColumn<Row> {
  readonly title: string;
  readonly meaning?: string;
  readonly right?: boolean;
  /** Holds text: on a narrow screen the table scrolls sooner than it breaks it to pieces. */
  readonly wide?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

/** Rows and columns for tens to hundreds of rows. */
export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <table aria-label={label} className="w-full border-collapse text-xs">
      <thead className="sticky top-0 z-[1] bg-surface text-2xs text-faint shadow-[inset_0_-1px_0_var(--line)]">
        <tr>
          {columns.map((column) => (
            <th
              key={column.title}
              title={column.meaning}
              className={cn('h-8 whitespace-nowrap px-3 text-left font-normal', column.right && 'text-right')}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-b align-top hover:bg-hover">
            {columns.map((column) => (
              <td
                key={column.title}
                className={cn(
                  'max-w-md px-3 py-1.5 leading-5',
                  column.wide && 'min-w-56',
                  column.right && 'whitespace-nowrap text-right',
                )}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
