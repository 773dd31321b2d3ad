<?php // installs WordPress with one user of each role, and prints their application passwords as JSON
define('WP_INSTALLING', true);
$_SERVER += array('HTTP_HOST' => $argv[2], 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET');
function wp_mail() { return true; }
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('A real blog', 'admin', 'admin@example.com', true, '', 'admin-pass');
global $wp_rewrite;
$wp_rewrite->init();
$wp_rewrite->set_permalink_structure('/%postname%/');
flush_rewrite_rules(false);
switch_theme(array_key_first(wp_get_themes()));
update_option('timezone_string', 'America/New_York');
$out = array('version' => get_bloginfo('version'));
foreach (array('admin' => 'administrator', 'editor' => 'editor', 'author' => 'author', 'contributor' => 'contributor') as $name => $role) {
    $id = username_exists($name) ?: wp_insert_user(array(
        'user_login' => $name, 'user_pass' => "$name-pass", 'user_email' => "$name@example.com", 'role' => $role));
    list($out[$name]) = WP_Application_Passwords::create_new_application_password($id, array('name' => 'tests'));
}
echo json_encode($out), "\n";
