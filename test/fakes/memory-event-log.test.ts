import { eventLogContract } from '../contracts/event-log-contract.ts';
import { memoryEventLog } from './memory-event-log.ts';

eventLogContract('a log in memory', () => Promise.resolve(memoryEventLog()));
