import { useComputedColorScheme } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import classes from './chart-figure.module.css';
import { pick, seriesColors, seriesDashes, seriesMarkers } from './chart-look.ts';
import { MarkerShape } from './marker-shape.tsx';

export interface LegendEntry {
  readonly label: string;
  readonly kind: 'line' | 'dots';
  /** Place in the palette, the dashes and the markers. */
  readonly look: number;
}

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
  const colors = seriesColors(useComputedColorScheme('light'));
  return (
    <figure className={classes.figure}>
      <div className={classes.top}>
        <ul className={classes.legend}>
          {legend.map((entry) => (
            <li key={entry.label}>
              <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden>
                {entry.kind === 'line' ? (
                  <line
                    x1="0"
                    y1="5"
                    x2="26"
                    y2="5"
                    stroke={pick(colors, entry.look, 'currentColor')}
                    strokeWidth="2"
                    strokeDasharray={pick(seriesDashes, entry.look, []).join(' ')}
                  />
                ) : (
                  <MarkerShape
                    marker={pick(seriesMarkers, entry.look, 'circle')}
                    color={pick(colors, entry.look, 'currentColor')}
                  />
                )}
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
