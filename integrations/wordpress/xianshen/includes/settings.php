<?php
/**
 * What the site's administrator chose; constants in wp-config.php come first.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const OPTION = 'xianshen_settings';

/** Return what holds where nobody chose anything. */
function default_settings(): array {
	return array(
		'url'        => '',
		'key'        => '',
		'secret'     => '',
		'channel'    => 'website',
		'department' => '',
		'types'      => array( 'post', 'page' ),
		'fields'     => array(),
		'timeout'    => 10,
		'on_change'  => 'keep',
	);
}

/** Return the names of the constants that may stand in wp-config.php. */
function setting_constants(): array {
	return array(
		'url'        => 'XIANSHEN_URL',
		'key'        => 'XIANSHEN_SITE_KEY',
		'secret'     => 'XIANSHEN_WEBHOOK_SECRET',
		'channel'    => 'XIANSHEN_CHANNEL',
		'department' => 'XIANSHEN_DEPARTMENT',
		'timeout'    => 'XIANSHEN_TIMEOUT',
		'types'      => 'XIANSHEN_TYPES',
	);
}

/** Return every setting by its name. */
function settings(): array {
	$chosen = get_option( OPTION, array() );
	$chosen = is_array( $chosen ) ? $chosen : array();
	$all    = array_merge( default_settings(), array_intersect_key( $chosen, default_settings() ) );
	foreach ( setting_constants() as $name => $constant ) {
		if ( defined( $constant ) ) {
			$all[ $name ] = constant( $constant );
		}
	}
	$all['url']     = rtrim( (string) $all['url'], '/' );
	$all['timeout'] = max( 1, min( 60, (int) $all['timeout'] ) );
	$all['types']   = is_string( $all['types'] ) ? preg_split( '/[\s,]+/', $all['types'], -1, PREG_SPLIT_NO_EMPTY ) : $all['types'];
	$all['types']   = array_values( array_filter( (array) $all['types'], 'is_string' ) );
	$all['fields']  = array_values( array_filter( (array) $all['fields'], 'is_string' ) );
	return $all;
}

/** Return one setting. */
function setting( string $name ) {
	return settings()[ $name ];
}

/** Tell whether a setting is fixed in wp-config.php. */
function is_fixed( string $name ): bool {
	$constants = setting_constants();
	return isset( $constants[ $name ] ) && defined( $constants[ $name ] );
}

/** Return the kinds of posts that go through the gate. */
function guarded_types(): array {
	return (array) apply_filters( 'xianshen_post_types', setting( 'types' ) );
}

/** Tell whether posts of a kind go through the gate. */
function is_guarded_type( string $type ): bool {
	return in_array( $type, guarded_types(), true );
}

/** Tell whether what has this status is shown to everybody. */
function is_public_status( string $status ): bool {
	$known = get_post_status_object( $status );
	return null !== $known && ( $known->public || ! empty( $known->publicly_queryable ) );
}

/** Return why the address can't be used, or '' if it can. */
function address_fault( string $url ): string {
	$parts = wp_parse_url( $url );
	$host  = isset( $parts['host'] ) ? $parts['host'] : '';
	$local = isset( $parts['scheme'] ) && 'http' === $parts['scheme']
		&& in_array( $host, array( '127.0.0.1', 'localhost', '[::1]' ), true );
	$https = isset( $parts['scheme'] ) && 'https' === $parts['scheme'];
	if ( '' === $host || ! ( $https || $local ) || isset( $parts['user'] ) || isset( $parts['query'] ) ) {
		return __( '先审的网址要用 https（只有本机可以用 http），形如 https://review.example.edu.cn。', 'xianshen' );
	}
	return '';
}

/** Return what is missing before the gate can be asked, or '' if nothing is. */
function settings_fault(): string {
	$all   = settings();
	$fault = address_fault( (string) $all['url'] );
	if ( '' !== $fault ) {
		return $fault;
	}
	if ( ! preg_match( '/^xs_[0-9a-f]{12}_[0-9a-f]{64}$/', (string) $all['key'] ) ) {
		return __( '站点密钥没有填，或写法不对（应以 xs_ 开头），请找先审的系统管理员要。', 'xianshen' );
	}
	if ( '' === trim( (string) $all['department'] ) ) {
		return __( '没有填送审的部门。', 'xianshen' );
	}
	return '';
}
