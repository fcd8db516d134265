import { Popover } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Trust } from '../../shared/contract/bench.ts';
import classes from './trust-badge.module.css';
import { Unknown } from './unknown.tsx';

const icons = { green: IconCircleCheck, amber: IconAlertTriangle, red: IconCircleX } as const;
const levelWords = { green: 'fine', amber: 'remark', red: 'do not trust' } as const;

/** The badge's words: `steady`, `2 remarks`, `do not trust`. */
const trustLabel = (trust: Trust): string => {
  switch (trust.level) {
    case 'green':
      return 'steady';
    case 'amber': {
      const count = trust.reasons.filter((reason) => reason.level !== 'green').length;
      return count === 1 ? '1 remark' : `${count} remarks`;
    }
    case 'red':
      return 'do not trust';
    default:
      return trust.level satisfies never;
  }
};

/** Says whether the conditions allow a conclusion, and opens the reasons. */
export const TrustBadge = ({ trust }: { readonly trust: Trust | null }) => {
  if (trust === null) return <Unknown reason="not judged yet: no finished measurement" />;
  const Icon = icons[trust.level];
  return (
    <Popover width={360} position="bottom-end" withArrow>
      <Popover.Target>
        <button type="button" className={classes.badge} data-level={trust.level}>
          <Icon size={14} stroke={2} aria-hidden />
          {trustLabel(trust)}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.reasons} aria-label="Reasons of the trust badge">
        {trust.reasons.length === 0 ? (
          <p>Nothing was found that speaks against these figures.</p>
        ) : (
          <ul>
            {trust.reasons.map((reason) => {
              const ReasonIcon = icons[reason.level];
              return (
                <li key={`${reason.signal} ${reason.message}`} data-level={reason.level}>
                  <ReasonIcon size={15} stroke={2} role="img" aria-label={levelWords[reason.level]} />
                  <span>{reason.message}</span>
                </li>
              );
            })}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
};
