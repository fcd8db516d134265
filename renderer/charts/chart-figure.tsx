import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import classes from './chart-figure.module.css';
import { pick, seriesColors, seriesDashes, seriesMarkers, STRIP_ALPHA } from './chart-look.ts';
import { MarkerShape } from './marker-shape.tsx';
import { usePageScheme } from './use-page-scheme.ts';

export interface LegendEntry {
  readonly label: string;
  readonly kind: 'line' | 'dots' | 'area';
  /** Place in the palette, the dashes and the markers. */
  readonly look: number;
}

const LegendShape = ({
  kind,
  look,
  colors,
}: Pick<LegendEntry, 'kind' | 'look'> & { readonly colors: readonly string[] }) => {
  const color = pick(colors, look, 'currentColor');
  switch (kind) {
    case 'line':
      return (
        <line
          x1="0"
          y1="5"
          x2="26"
          y2="5"
          stroke={color}
          strokeWidth="2"
          strokeDasharray={pick(seriesDashes, look, []).join(' ')}
        />
      );
    case 'dots':
      return <MarkerShape marker={pick(seriesMarkers, look, 'circle')} color={color} />;
    case 'area':
      return (
        <>
          <rect x="3" y="0" width="20" height="10" fill={color} fillOpacity={STRIP_ALPHA} />
          <rect x="3" y="8" width="20" height="2" fill={color} />
        </>
      );
    default:
      return kind satisfies never;
  }
};

interface ChartFigureProps {
  readonly caption: string;
  readonly legend: readonly LegendEntry[];
  readonly children: ReactNode;
  /** The same data as text; made only when asked for. */
  readonly table: () => ReactNode;
}

/** Every chart: what it shows, what each line is, and a switch to the same data as a table. */
export const ChartFigure = ({ caption, legend, children, table }: ChartFigureProps) => {
  const [isTable, setTable] = useState(false);
  const colors = seriesColors(usePageScheme());
  return (
    <figure className={classes.figure}>
      <div className={classes.top}>
        <ul className={classes.legend}>
          {legend.map((entry) => (
            <li key={entry.label}>
              <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden>
                <LegendShape kind={entry.kind} look={entry.look} colors={colors} />
              </svg>
              {entry.label}
            </li>
          ))}
        </ul>
        <button
          type="button"
          className={classes.toggle}
          aria-label={`${isTable ? 'Chart' : 'Table'}: ${caption}`}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? <IconChartLine size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
          {isTable ? 'Chart' : 'Table'}
        </button>
      </div>
      {isTable ? <div className={classes.table}>{table()}</div> : children}
      <figcaption className={classes.caption}>{caption}</figcaption>
    </figure>
  );
};
