/** Colours and sizes of a chart in the present scheme; chart.js paints on a canvas and cannot read CSS itself. */
export interface ChartLook {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly ground: string;
  readonly band: string;
  readonly accent: string;
  readonly series: readonly string[];
  readonly fontFamily: string;
  readonly fontPx: number;
}

/** Told apart also with colour-blind eyes (after Okabe and Ito), and 3:1 against the panel in each scheme. */
const lightSeries = ['#0a5fb4', '#b35300', '#00785a', '#a03b7c', '#5b6472', '#8a6d00'];
const darkSeries = ['#6cb2ff', '#f2a44b', '#3fcb9c', '#ea94c8', '#a7b0be', '#e8d75f'];

/** The second code beside colour: a dash per line and a shape per marker, by the same index. */
export const seriesDashes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
  [1, 3],
];
export const seriesMarkers = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot', 'star'] as const;
export type SeriesMarker = (typeof seriesMarkers)[number];

export const seriesColors = (scheme: 'light' | 'dark'): readonly string[] =>
  scheme === 'dark' ? darkSeries : lightSeries;

/** Reads the scheme's tokens off the page. */
export const readChartLook = (scheme: 'light' | 'dark', root: HTMLElement): ChartLook => {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: token('--dyno-text'),
    muted: token('--dyno-muted'),
    line: token('--dyno-line'),
    ground: token('--dyno-panel'),
    band: token('--dyno-raised'),
    accent: token('--dyno-accent'),
    series: seriesColors(scheme),
    fontFamily: token('--mantine-font-family'),
    fontPx: Number.parseFloat(style.fontSize) * 0.72,
  };
};

/** Tint of a phase's strip: its name is still read on it. */
export const STRIP_ALPHA = 0.28;
/** Tint of a phase behind the lines: fainter, as the lines have the same palette. */
export const PHASE_ALPHA = 0.09;

export const pick = <T>(list: readonly T[], index: number, fallback: T): T =>
  list[index % list.length] ?? fallback;
