import type { Slo } from '../contract/load.ts';

export interface SloLevel {
  readonly name: string;
  readonly title: string;
  readonly limits: Pick<Slo, 'ttftMs' | 'tpotMs'>;
  /** The benchmark of MLPerf Inference whose limits these are. */
  readonly source: string;
}

const level = (name: string, title: string, ttftMs: number, tpotMs: number, source = title): SloLevel => ({
  name,
  title,
  limits: { ttftMs, tpotMs },
  source,
});

/**
 * Service levels by name: three in plain words, then every limit MLPerf Inference sets for a language model.
 * Source: MLPerf Inference Rules, table of the datacenter suite, as of 23 July 2026
 * (github.com/mlcommons/inference_policies, inference_rules.adoc, commit ac93e89). There they hold for the 99th
 * percentile of TTFT and of TPOT; `slo-search` has its share as a parameter.
 */
export const sloLevels: readonly SloLevel[] = [
  level('interactive', 'Interactive', 450, 40, 'Llama 2 70B, interactive'),
  level('conversational', 'Conversational', 2000, 200, 'Llama 2 70B, conversational'),
  level('patient', 'Patient', 6000, 175, 'Llama 3.1 405B, server'),
  level('llama3.1-8b-interactive', 'Llama 3.1 8B, interactive', 500, 30),
  level('llama3.1-8b', 'Llama 3.1 8B, conversational', 2000, 100),
  level('mixtral-8x7b', 'Mixtral 8x7B, server', 2000, 200),
  level('gpt-oss-120b-interactive', 'GPT-OSS 120B, interactive', 2000, 20),
  level('gpt-oss-120b', 'GPT-OSS 120B, server', 3000, 80),
  level('deepseek-r1-interactive', 'DeepSeek R1, interactive', 1500, 15),
  level('deepseek-r1', 'DeepSeek R1, server', 2000, 80),
  level('llama3.1-405b-interactive', 'Llama 3.1 405B, interactive', 4500, 80),
];
