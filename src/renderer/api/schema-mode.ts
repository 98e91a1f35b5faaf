// Imported before anything that makes a schema. The page's policy forbids making code of strings, which is how zod speeds schemas up.
import { z } from 'zod';

z.config({ jitless: true });
