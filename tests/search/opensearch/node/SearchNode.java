import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;

/**
 * A search node for tests: {@code SearchNode HOME name=value...}. Its modules come from the class path. It has no
 * password and checks nothing of the machine, so it must listen on this machine alone.
 */
public final class SearchNode {

    /** Modules by package and name; in 2.x a class ends in "Plugin", in 3.x in "ModulePlugin". */
    private static final List<String> MODULES = List.of(
        "org.opensearch.transport.Netty4",
        "org.opensearch.analysis.common.CommonAnalysis",
        "org.opensearch.painless.Painless",
        "org.opensearch.index.reindex.Reindex"
    );

    private SearchNode() {}

    /** Lets modules of the class path be given to a node, which is protected there. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static final class NodeWithModules extends Node {
        NodeWithModules(Environment environment, List modules) {
            super(environment, modules, false);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Settings.Builder settings = Settings.builder().put("path.home", home);
        for (int place = 1; place < arguments.length; place++) {
            int at = arguments[place].indexOf('=');
            settings.put(arguments[place].substring(0, at), arguments[place].substring(at + 1));
        }
        Environment environment = new Environment(settings.build(), home.resolve("config"));
        LogConfigurator.configure(environment);
        List<Object> modules = new ArrayList<>();
        for (String name : MODULES) {
            Class<?> module = found(name);
            modules.add(Version.CURRENT.major < 3 ? module : described(module));
        }
        NodeWithModules node = new NodeWithModules(environment, modules);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (java.io.IOException error) {
                System.err.println("The node did not close: " + error);
            }
        }));
        node.start();
        Thread.currentThread().join();
    }

    private static Class<?> found(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name + "ModulePlugin");
        } catch (ClassNotFoundException error) {
            return Class.forName(name + "Plugin");
        }
    }

    /** What 3.x wants in place of a class. */
    private static PluginInfo described(Class<?> module) throws ReflectiveOperationException {
        Constructor<PluginInfo> constructor = PluginInfo.class.getConstructor(
            String.class, String.class, String.class, Version.class, String.class, String.class, String.class,
            List.class, boolean.class
        );
        String name = module.getSimpleName();
        String java = String.valueOf(Runtime.version().feature());
        return constructor.newInstance(name, name, "0", Version.CURRENT, java, module.getName(), null, List.of(), false);
    }
}
