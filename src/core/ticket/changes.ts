import type { TicketFields } from './ticket.ts';
import type { Change } from '../kinds.ts';

/** The differences between two states of a ticket, field by field, as a mail shows them. */
export function changesBetween(before: TicketFields, after: TicketFields): Change[] {
  const all: Change[] = [
    { field: 'state', before: before.state, after: after.state },
    { field: 'assignee', before: before.assignee?.name ?? null, after: after.assignee?.name ?? null },
    { field: 'category', before: before.category, after: after.category },
    { field: 'priority', before: before.priority, after: after.priority },
    { field: 'minutes', before: before.minutes, after: after.minutes },
    { field: 'merged_into', before: before.mergedInto, after: after.mergedInto },
    { field: 'mode', before: before.mode, after: after.mode },
  ];
  return all.filter((change) => change.before !== change.after);
}
