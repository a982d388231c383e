; Dockerfiles: stages, and the variables that a build may set.

(from_instruction as: (image_alias) @name) @definition.module
(arg_instruction (arg_pair name: (_) @name)) @definition.variable
(env_instruction (env_pair name: (_) @name)) @definition.variable
