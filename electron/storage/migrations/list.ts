import { initial } from './0001-initial.ts';
import { quality } from './0002-quality.ts';
import { load } from './0003-load.ts';
import { importedRuns } from './0004-imported-runs.ts';
import { access } from './0005-access.ts';
import { limits } from './0006-limits.ts';
import { usage } from './0007-usage.ts';
import { prices } from './0008-prices.ts';
import { cacheTiers } from './0009-cache-tiers.ts';
import { usageCosts } from './0010-usage-costs.ts';
import { usageEnergy } from './0011-usage-energy.ts';
import { budgets } from './0012-budgets.ts';
import { usageFiles } from './0013-usage-files.ts';
import { noReplacing } from './0014-no-replacing.ts';

/** In order; never edited once released, only added to. */
export const migrations: readonly string[] = [
  initial,
  quality,
  load,
  importedRuns,
  access,
  limits,
  usage,
  prices,
  cacheTiers,
  usageCosts,
  usageEnergy,
  budgets,
  usageFiles,
  noReplacing,
];
