"""What Flink makes of a job before it runs: transformations, its graph, a compiled plan."""

from pyflink.java_gateway import get_gateway
from pyflink.table.table_result import TableResult


def count_from_one(t_env):
    """Let the planner number the operators of the next plan as in a client of its own.

    It counts on over all that one process plans, and the numbers are in names and uids.
    """
    loader = t_env._j_tenv.getPlanner().getClass().getClassLoader()
    context = loader.loadClass("org.apache.flink.table.planner.plan.nodes.exec.ExecNodeContext")
    context.getMethod("resetIdCounter", None).invoke(None, None)


class Planned:
    """A statement set, which Flink plans anew each time."""

    def __init__(self, t_env, statements):
        self._t_env = t_env
        self._statements = statements
        self.j_env = t_env._j_tenv

    def transformations(self):
        """What each insert ends in."""
        count_from_one(self._t_env)
        return self.j_env.getPlanner().translate(operations_of(self._statements))

    def stream_graph(self):
        """As Flink makes it on its way to the cluster."""
        return pipeline(self.j_env, self.transformations())

    def compiled(self):
        """Its plan as JSON, which keeps what the planner decided.

        By Flink's own object, which `COMPILE PLAN` calls too, so that a question in Python can
        be compiled as well.
        """
        count_from_one(self._t_env)
        return self._statements._j_statement_set.compilePlan().asJsonString()

    def explain(self):
        """The plan, for people."""
        return self._statements.explain()

    def execute(self):
        """The client of the job, which runs from now on."""
        count_from_one(self._t_env)
        return self._statements.execute().get_job_client()


class Compiled:
    """A compiled plan, in an environment that has the plan's tables and functions."""

    def __init__(self, t_env, text):
        self._t_env = t_env
        self._text = text
        self.j_env = t_env._j_tenv
        reference = get_gateway().jvm.org.apache.flink.table.api.PlanReference
        self._plan = self.j_env.getPlanner().loadPlan(reference.fromJsonString(text))

    def transformations(self):
        """What each insert ends in."""
        return self.j_env.getPlanner().translatePlan(self._plan)

    def stream_graph(self):
        """As Flink makes it on its way to the cluster."""
        return pipeline(self.j_env, self.transformations())

    def compiled(self):
        """The text that it was made from."""
        return self._text

    def execute(self):
        """The client of the job, which runs from now on."""
        self._t_env._before_execute()
        return TableResult(self.j_env.executePlan(self._plan)).get_job_client()


def graph(planned):
    """[id, name, description, uid, inputs, chained, state] of each operator of the job.

    An operator's id is the one that its state has in a savepoint; its inputs are positions in
    this list, which has sources first. `chained` is how many operators follow in its own task.
    """
    stream_graph = planned.stream_graph()
    graphs = get_gateway().jvm.org.apache.flink.streaming.api.graph
    ids = graphs.StreamGraphHasherV2().traverseStreamGraphAndGenerateHashes(stream_graph)
    nodes = {key: stream_graph.getStreamNode(key) for key in ids}
    inputs = {key: [e.getSourceId() for e in node.getInEdges()] for key, node in nodes.items()}
    order = _sources_first(inputs)
    at = {key: number for number, key in enumerate(order)}

    def told(key):
        node = nodes[key]
        own = node.getUserHash() or bytes(ids[key]).hex()
        is_chained = graphs.StreamingJobGraphGenerator.isChainable
        return [
            own,
            node.getOperatorName(),
            node.getOperatorDescription(),
            node.getTransformationUID(),
            [at[each] for each in inputs[key]],
            sum(is_chained(edge, stream_graph) for edge in node.getOutEdges()),
            _state(node),
        ]

    return [told(key) for key in order]


def operations_of(statements):
    """The inserts of a set, which are a private field of a class of Flink's."""
    j_class = get_gateway().jvm.Class.forName(
        "org.apache.flink.table.api.internal.StatementSetImpl"
    )
    field = j_class.getDeclaredField("operations")
    field.setAccessible(True)
    return field.get(statements._j_statement_set)


def pipeline(j_env, transformations):
    """The graph of a job of tables, with Python's operators chained."""
    j_class = j_env.getClass()
    while j_class.getSimpleName() != "TableEnvironmentImpl":
        j_class = j_class.getSuperclass()
    field = j_class.getDeclaredField("execEnv")
    field.setAccessible(True)
    settings = j_env.getConfig().getConfiguration()
    return field.get(j_env).createPipeline(transformations, settings, "job")


def _sources_first(inputs):
    """The keys, each after its inputs."""
    order = {}

    def add(key):
        for each in inputs[key]:
            if each not in order:
                add(each)
        order.setdefault(key)

    for key in sorted(inputs):
        add(key)
    return list(order)


def _state(node):
    """Whether it has keyed state, or reads a source; of others it cannot be told."""
    keyed = node.getStateKeySerializer() is not None
    reads = "SourceOperatorFactory" in node.getOperatorFactory().getClass().getSimpleName()
    return True if keyed or reads else None
