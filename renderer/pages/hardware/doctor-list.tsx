import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import classes from './doctor-list.module.css';

const icons = {
  ok: IconCircleCheck,
  note: IconInfoCircle,
  warning: IconAlertTriangle,
  problem: IconCircleX,
} as const;

const rank = { problem: 0, warning: 1, note: 2, ok: 3 } as const;

/** What was looked at: problems first, each with its next step. */
export const DoctorList = ({ checks }: { readonly checks: readonly DoctorCheck[] }) => (
  <ul className={classes.list}>
    {checks
      .toSorted((left, right) => rank[left.level] - rank[right.level])
      .map((check) => {
        const Icon = icons[check.level];
        return (
          <li key={check.id} data-level={check.level}>
            <Icon size={17} stroke={1.8} role="img" aria-label={check.level} />
            <span className={classes.title}>{check.title}</span>
            <span>
              {check.found}
              {check.fix === null ? null : <span className={classes.fix}>{check.fix}</span>}
            </span>
          </li>
        );
      })}
  </ul>
);
