import type { Slo } from '../contract/load.ts';

export interface SloLevel {
  readonly name: string;
  readonly title: string;
  readonly limits: Pick<Slo, 'ttftMs' | 'tpotMs'>;
  /** Where the limits come from. */
  readonly source: string;
}

/** Service levels by name. The limits are those MLPerf Inference sets for its server scenarios. */
export const sloLevels: readonly SloLevel[] = [
  {
    name: 'interactive',
    title: 'Interactive',
    limits: { ttftMs: 450, tpotMs: 40 },
    source: 'MLPerf Inference v5.0, Llama 2 70B interactive',
  },
  {
    name: 'conversational',
    title: 'Conversational',
    limits: { ttftMs: 2000, tpotMs: 200 },
    source: 'MLPerf Inference v4.0, Llama 2 70B server',
  },
  {
    name: 'patient',
    title: 'Patient',
    limits: { ttftMs: 6000, tpotMs: 175 },
    source: 'MLPerf Inference v5.0, Llama 3.1 405B server',
  },
];
